// One page about freshness, mailboxes, throttling, queues and what it all costs.
param location string
param tags object
param insightsId string
param workspaceId string
param serviceBusId string
param storageId string
param functionAppId string

var ids = {
  '@insights': insightsId
  '@workspace': workspaceId
  '@serviceBus': serviceBusId
  '@storage': storageId
  '@functionApp': functionAppId
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'tandem')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Tandem'
    category: 'workbook'
    sourceId: insightsId
    serializedData: reduce(items(ids), loadTextContent('workbook.json'), (page, entry) => replace(string(page), entry.key, entry.value))
  }
}
