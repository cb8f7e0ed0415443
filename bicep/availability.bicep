// Somebody outside asks every quarter of an hour whether the app answers; timers cannot tell that HTTP is broken.
param name string
param location string
param tags object
param insightsId string
param url string

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  // The link by which Application Insights finds its tests.
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: name
    Name: 'Tandem answers'
    Kind: 'standard'
    Enabled: true
    Frequency: 900
    Timeout: 60
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'us-va-ash-azr' }
    ]
    Request: {
      RequestUrl: url
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}
