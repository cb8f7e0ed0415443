// One network with two subnets: the app sends from one, private endpoints lie in the other.
param name string
param location string
param tags object

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.40.0.0/16'] }
  }
}

resource endpointSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  parent: network
  name: 'endpoints'
  properties: {
    addressPrefix: '10.40.0.0/24'
    privateEndpointNetworkPolicies: 'Disabled'
  }
}

// Flex Consumption wants a subnet of its own under this delegation, with room for its instances.
resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  parent: network
  name: 'app'
  // Azure changes one subnet of a network at a time.
  dependsOn: [endpointSubnet]
  properties: {
    addressPrefix: '10.40.2.0/23'
    delegations: [
      {
        name: 'functions'
        properties: { serviceName: 'Microsoft.App/environments' }
      }
    ]
  }
}

output id string = network.id
output endpointSubnetId string = endpointSubnet.id
output appSubnetId string = appSubnet.id
