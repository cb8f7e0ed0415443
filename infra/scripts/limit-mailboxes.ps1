#Requires -Version 7.2
#Requires -Modules ExchangeOnlineManagement
<#
.SYNOPSIS
Lets Tandem open only the mailboxes of the members of one group (RBAC for Applications in Exchange Online).

.DESCRIPTION
Exchange adds what is granted here to what Entra ID grants tenant-wide. So afterwards run register-app.sh with --mailboxes limited: it takes the tenant-wide
permissions back. To Do is not Exchange's to limit: Tasks.ReadWrite.All stays tenant-wide. Can be run again; -WhatIf changes nothing.
Needs an Exchange administrator, signed in with Connect-ExchangeOnline. A change can take two hours until every server knows it.

.PARAMETER ClientId
Client id of the managed identity (TANDEM_IDENTITY_CLIENT_ID).

.PARAMETER ObjectId
Object id of the managed identity (TANDEM_IDENTITY_OBJECT_ID).

.PARAMETER Group
A mail-enabled security group. Its direct members take part; members of groups within it do not.

.PARAMETER Mailbox
A mailbox to show the result for.

.EXAMPLE
./limit-mailboxes.ps1 -ClientId $id -ObjectId $object -Group tandem-mailboxes@contoso.com -Mailbox anna@contoso.com -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [guid] $ClientId,
    [Parameter(Mandatory)] [guid] $ObjectId,
    [Parameter(Mandatory)] [string] $Group,
    [string] $Name = 'Tandem',
    [string] $Mailbox
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$roles = @(
    'Application Calendars.ReadWrite'
    'Application Contacts.ReadWrite'
    'Application Mail.ReadBasic'
)

$people = Get-DistributionGroup -Identity $Group
$filter = "MemberOfGroup -eq '$($people.DistinguishedName.Replace("'", "''"))'"

# Exchange keeps a pointer of its own to the service principal.
$principal = Get-ServicePrincipal | Where-Object { $_.AppId -eq "$ClientId" }
if (-not $principal -and $PSCmdlet.ShouldProcess($Name, 'Make the service principal known to Exchange')) {
    $principal = New-ServicePrincipal -AppId "$ClientId" -ObjectId "$ObjectId" -DisplayName $Name
}

$scope = Get-ManagementScope | Where-Object { $_.Name -eq $Name }
if (-not $scope) {
    if ($PSCmdlet.ShouldProcess($Name, "Make the management scope: $filter")) {
        New-ManagementScope -Name $Name -RecipientRestrictionFilter $filter | Out-Null
    }
} elseif ($scope.RecipientFilter -ne $filter) {
    if ($PSCmdlet.ShouldProcess($Name, "Change the management scope to: $filter")) {
        Set-ManagementScope -Identity $Name -RecipientRestrictionFilter $filter
    }
}

$known = Get-ManagementRoleAssignment
foreach ($role in $roles) {
    $assignment = "$Name $role"
    if ($known | Where-Object { $_.Name -eq $assignment }) { continue }
    if ($PSCmdlet.ShouldProcess($Name, "Assign the role '$role' within the scope")) {
        New-ManagementRoleAssignment -Name $assignment -App "$ObjectId" -Role $role -CustomResourceScope $Name | Out-Null
    }
}

if ($Mailbox -and $principal) {
    Test-ServicePrincipalAuthorization -Identity "$ObjectId" -Resource $Mailbox | Format-Table RoleName, GrantedPermissions, AllowedResourceScope, InScope
}
