// Everything that Tandem needs in Azure, in one resource group. `azd up` deploys it; docs/roles.md says who may do what.
targetScope = 'subscription'

@description('The name of the environment, such as prod. Names of resources are derived from it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Where everything is deployed. A region that has Flex Consumption.')
@minLength(1)
param location string

@description('The application (client) id of the app registration that infra/scripts/register-app.sh makes.')
@minLength(36)
@maxLength(36)
param clientId string

@description('Who gets mail when an alert fires. Empty for nobody: alerts are then seen in the portal only.')
param alertEmail string = ''

@description('How old what arrives may be (95th percentile) before an alert fires, in seconds. A mailbox that nobody uses is asked every three minutes, for the sake of its tasks.')
@minValue(60)
param freshnessLimitSeconds int = 900

@description('True to reach storage, Service Bus and Key Vault over private endpoints only. It needs and takes Service Bus Premium.')
param privateNetwork bool = false

@description('The tier of Service Bus. With privateNetwork it is Premium in any case.')
@allowed(['Standard', 'Premium'])
param serviceBusTier string = 'Standard'

@description('How the storage account keeps its copies. Standard_LRS where the region has no zones.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Memory of one instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances that each function may scale out to.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 100

@description('Instances that always wait for wake-ups. They cost something also when idle.')
@minValue(0)
param alwaysReadyForWakeUps int = 0

@description('Instances that always wait for HTTP requests. They cost something also when idle.')
@minValue(0)
param alwaysReadyForHttp int = 0

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Further app settings by name (docs/settings.md), for what should differ from its default. Never a secret.')
param settings object = {}

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity '../bicep/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.identity}${token}'
    location: location
    tags: tags
  }
}

module monitoring '../bicep/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalyticsWorkspace}${token}'
    insightsName: '${abbreviations.applicationInsights}${token}'
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
}

module network '../bicep/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    location: location
    tags: tags
  }
}

module storage '../bicep/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: '${abbreviations.storageAccount}${token}'
    location: location
    tags: tags
    redundancy: storageRedundancy
    publicAccess: !privateNetwork
  }
}

module serviceBus '../bicep/service-bus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    name: '${abbreviations.serviceBusNamespace}${token}'
    location: location
    tags: tags
    tier: privateNetwork ? 'Premium' : serviceBusTier
    publicAccess: !privateNetwork
  }
}

module keyVault '../bicep/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: '${abbreviations.keyVault}${token}'
    location: location
    tags: tags
    publicAccess: !privateNetwork
  }
}

module privateEndpoints '../bicep/private-endpoints.bicep' = if (privateNetwork) {
  name: 'private-endpoints'
  scope: group
  params: {
    namePrefix: '${abbreviations.privateEndpoint}${token}-'
    location: location
    tags: tags
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    storageId: storage.outputs.id
    serviceBusId: serviceBus.outputs.id
    keyVaultId: keyVault.outputs.id
  }
}

module roles '../bicep/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    serviceBusName: serviceBus.outputs.name
    keyVaultName: keyVault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module functionApp '../bicep/function-app.bicep' = {
  name: 'function-app'
  scope: group
  // The host reads its storage as soon as it starts, and a private endpoint has to be there by then.
  dependsOn: [roles, privateEndpoints]
  params: {
    planName: '${abbreviations.functionPlan}${token}'
    name: '${abbreviations.functionApp}${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    clientId: clientId
    storageName: storage.outputs.name
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    tablesUrl: storage.outputs.tablesUrl
    serviceBusHost: serviceBus.outputs.host
    keyVaultUrl: keyVault.outputs.url
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstances: maximumInstances
    alwaysReadyForWakeUps: alwaysReadyForWakeUps
    alwaysReadyForHttp: alwaysReadyForHttp
    furtherSettings: settings
  }
}

module availability '../bicep/availability.bicep' = {
  name: 'availability'
  scope: group
  params: {
    name: '${abbreviations.availabilityTest}${token}'
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    url: '${functionApp.outputs.url}/health'
  }
}

module alerts '../bicep/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    namePrefix: '${abbreviations.alert}${token}-'
    actionGroupName: '${abbreviations.actionGroup}${token}'
    location: location
    tags: tags
    email: alertEmail
    insightsId: monitoring.outputs.insightsId
    serviceBusId: serviceBus.outputs.id
    freshnessLimitSeconds: freshnessLimitSeconds
  }
}

module workbook '../bicep/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: serviceBus.outputs.id
    storageId: storage.outputs.id
    functionAppId: functionApp.outputs.id
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output TANDEM_URL string = functionApp.outputs.url
output TANDEM_ADMIN_URL string = '${functionApp.outputs.url}/admin'
output TANDEM_WORKSPACE_URL string = '${functionApp.outputs.url}/app'
output TANDEM_SERVICE_CALLBACK_URL string = '${functionApp.outputs.url}/admin/api/gwsc/auth/serverContext'
output TANDEM_ACTION_CALLBACK_URL string = '${functionApp.outputs.url}/app/api/auth/serviceAction/callback'
output TANDEM_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output TANDEM_IDENTITY_OBJECT_ID string = identity.outputs.principalId
