// What the app's identity may do in Azure, and nothing else. docs/roles.md says why, line by line.
param principalId string
param storageName string
param serviceBusName string
param keyVaultName string
param insightsName string

// `resource` is a kind of resource, or one queue; ids are those of Azure's built-in roles.
var roles = [
  { resource: 'storage account', role: 'Storage Blob Data Owner', roleId: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' }
  { resource: 'storage account', role: 'Storage Table Data Contributor', roleId: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' }
  { resource: 'queue polls', role: 'Azure Service Bus Data Owner', roleId: '090c5cfd-751d-490a-894a-3ce6f1109419' }
  { resource: 'queue wakeups', role: 'Azure Service Bus Data Owner', roleId: '090c5cfd-751d-490a-894a-3ce6f1109419' }
  { resource: 'queue assignments', role: 'Azure Service Bus Data Owner', roleId: '090c5cfd-751d-490a-894a-3ce6f1109419' }
  { resource: 'queue rejected', role: 'Azure Service Bus Data Sender', roleId: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39' }
  { resource: 'key vault', role: 'Key Vault Secrets Officer', roleId: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7' }
  { resource: 'application insights', role: 'Monitoring Metrics Publisher', roleId: '3913510d-42f4-4e42-8a64-420c390055eb' }
]

var queueRoles = filter(roles, role => startsWith(role.resource, 'queue '))

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource queues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = [for entry in queueRoles: {
  parent: namespace
  name: split(entry.resource, ' ')[1]
}]

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource onStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for entry in filter(roles, role => role.resource == 'storage account'): {
  name: guid(storage.id, principalId, entry.roleId)
  scope: storage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', entry.roleId)
  }
}]

resource onQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (entry, index) in queueRoles: {
  name: guid(namespace.id, entry.resource, principalId, entry.roleId)
  scope: queues[index]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', entry.roleId)
  }
}]

resource onVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for entry in filter(roles, role => role.resource == 'key vault'): {
  name: guid(vault.id, principalId, entry.roleId)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', entry.roleId)
  }
}]

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for entry in filter(roles, role => role.resource == 'application insights'): {
  name: guid(insights.id, principalId, entry.roleId)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', entry.roleId)
  }
}]
