// The app itself, on Flex Consumption. It reaches everything as its identity: no setting holds a key.
param planName string
param name string
param location string
param tags object
param identityId string
param identityClientId string
param clientId string
param storageName string
param deploymentContainerUrl string
param tablesUrl string
param serviceBusHost string
param keyVaultUrl string
param insightsConnectionString string
@description('The subnet that the app sends from; empty for none.')
param subnetId string
param instanceMemoryMB int
param maximumInstances int
param alwaysReadyForWakeUps int
param alwaysReadyForHttp int
param furtherSettings object

// Flex Consumption scales all HTTP functions as one group and every other function by itself (Flex Consumption plan docs, "Always ready instances").
var alwaysReady = [
  { name: 'function:syncMailbox', instanceCount: alwaysReadyForWakeUps }
  { name: 'http', instanceCount: alwaysReadyForHttp }
]

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      healthCheckPath: '/health'
    }
    functionAppConfig: {
      runtime: {
        name: 'node'
        version: '22'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: filter(alwaysReady, group => group.instanceCount > 0)
      }
    }
  }
}

resource noFtpPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noScmPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

// All that Tandem and its host have to be told (docs/settings.md). Flex Consumption knows runtime and version from above and refuses them here.
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    {
      AzureWebJobsStorage__accountName: storageName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      // Without it current Functions hosts keep /admin, where the sign-in callback lives, for themselves.
      AzureWebJobsFeatureFlags: 'DisableReservedRouteEnforcement'
      TENANT_ID: tenant().tenantId
      CLIENT_ID: clientId
      MANAGED_IDENTITY_CLIENT_ID: identityClientId
      PUBLIC_URL: 'https://${app.properties.defaultHostName}'
      KEY_VAULT_URL: keyVaultUrl
      Tables__serviceUri: tablesUrl
      ServiceBus__fullyQualifiedNamespace: serviceBusHost
      ServiceBus__credential: 'managedidentity'
      ServiceBus__clientId: identityClientId
      POLL_DYNAMICS_SCHEDULE: '*/15 * * * * *'
      POLL_EXCHANGE_SCHEDULE: '*/15 * * * * *'
      HEARTBEAT_SCHEDULE: '0 */5 * * * *'
      SWEEP_SCHEDULE: '0 0 * * * *'
    },
    furtherSettings
  )
}

output id string = app.id
output url string = 'https://${app.properties.defaultHostName}'
