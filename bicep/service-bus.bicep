// The queues that carry all work. Local authentication is off, so nothing but the app's identity sends or reads.
param name string
param location string
param tags object
@allowed(['Standard', 'Premium'])
param tier string
param publicAccess bool

// Whether a queue has sessions and looks for duplicates cannot be changed later: a queue would have to be made anew.
var queues = [
  { name: 'polls', sessions: true, duplicateDetection: true }
  { name: 'wakeups', sessions: true, duplicateDetection: true }
  { name: 'assignments', sessions: false, duplicateDetection: true }
  { name: 'rejected', sessions: false, duplicateDetection: false }
]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  }
}

@batchSize(1)
resource namespaceQueues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for queue in queues: {
  parent: namespace
  name: queue.name
  properties: {
    requiresSession: queue.sessions
    requiresDuplicateDetection: queue.duplicateDetection
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    // A poll that nobody served within its period is out of date, not dead: the next one asks the same.
    deadLetteringOnMessageExpiration: false
  }
}]

output id string = namespace.id
output name string = namespace.name
output host string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
