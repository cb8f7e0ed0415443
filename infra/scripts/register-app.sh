#!/usr/bin/env bash
# Registers Tandem in Entra ID and gives its managed identity what it needs in Microsoft Graph. Run it before `azd up`, for CLIENT_ID, and once more
# afterwards with --url and --identity. It can be run again at any time: what is there stays, what is missing is added. It makes no secret and prints none.
#
# The app reaches Graph and Dynamics as its managed identity, so Graph's application permissions go to that. The app registration is what callers of
# Tandem's API ask tokens for, and what people will sign in to; a federated credential lets the managed identity stand in for its client secret.
set -euo pipefail
shopt -s inherit_errexit

readonly usage='Usage: register-app.sh [options]
  --name NAME           display name of the app registration (default: Tandem)
  --url URL             address of the deployed app (TANDEM_URL): adds the two redirect URIs
  --identity OBJECT-ID  object id of the managed identity (TANDEM_IDENTITY_OBJECT_ID): federated credential and Graph permissions
  --mailboxes all|limited
                        all (default): the identity may open every mailbox. limited: Exchange says which ones (limit-mailboxes.ps1), and the
                        tenant-wide permissions are taken back. To Do cannot be limited and stays tenant-wide
  --admin OBJECT-ID     object id of a user or group that gets the role Tandem.Admin
  --consent             consents to the delegated Dynamics permission for the whole tenant
  --dry-run             prints what would be done and changes nothing
Needs bash 5 and Azure CLI (both are in Azure Cloud Shell), signed in (az login) as an Application Administrator; --identity and --consent need a Privileged Role Administrator.'

readonly graph_app=00000003-0000-0000-c000-000000000000
readonly dynamics_app=00000007-0000-0000-c000-000000000000
readonly azure_cli_app=04b07795-8ddb-461a-bbee-02f9e1bf7b46
readonly graph=https://graph.microsoft.com/v1.0
# Ids of what this script makes. They only have to differ within the registration; being fixed, they are the same at every run.
readonly admin_role_id=6f1f6a52-6d0e-4b0e-9f8c-7d7c0a7b1a01
readonly user_role_id=6f1f6a52-6d0e-4b0e-9f8c-7d7c0a7b1a02
readonly scope_id=6f1f6a52-6d0e-4b0e-9f8c-7d7c0a7b1a03

# What the app does in mailboxes. Exchange can limit these to some of them ...
readonly mailbox_permissions=(Calendars.ReadWrite Contacts.ReadWrite Mail.ReadBasic.All)
# ... and these not.
readonly tenant_permissions=(Tasks.ReadWrite.All)

name=Tandem url='' identity='' mailboxes=all admin='' consent=false dry_run=false

fail() { printf '%s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*"; }

# Changes something, or with --dry-run only says so: change "what it is about" command...
change() {
  local what=$1
  shift
  if $dry_run; then
    say "would: $what"
  else
    say "doing: $what"
    "$@" >/dev/null
  fi
}

has() {
  local wanted=$1 each
  shift
  for each in "$@"; do [[ ${each,,} == "${wanted,,}" ]] && return 0; done
  return 1
}

# One value a line, as az prints it with -o tsv; an absent one is an empty list.
lines() { "$@" -o tsv | tr -d '\r' | sed '/^$/d;/^None$/d'; }

# The same into an array: list ARRAY command... What cannot be read is never taken for absent: the script ends.
list() {
  local -n into=$1
  local text
  shift
  text=$("$@")
  into=()
  # shellcheck disable=SC2034 # a name reference: the caller reads what it names
  [[ -z $text ]] || mapfile -t into <<<"$text"
}

read_options() {
  while (($#)); do
    case $1 in
      --name | --url | --identity | --mailboxes | --admin)
        (($# > 1)) || fail "$1 needs a value. $usage"
        printf -v "${1#--}" %s "$2"
        shift 2
        ;;
      --consent) consent=true; shift ;;
      --dry-run) dry_run=true; shift ;;
      -h | --help) say "$usage"; exit 0 ;;
      *) fail "Unknown option $1. $usage" ;;
    esac
  done
  [[ $mailboxes == all || $mailboxes == limited ]] || fail "--mailboxes is all or limited. $usage"
  [[ -z $url || $url =~ ^https://[^/]+$ ]] || fail "--url is https:// and a host, without a path: $url"
  local guid='^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' id
  for id in "$identity" "$admin"; do [[ -z $id || $id =~ $guid ]] || fail "Not an object id: $id"; done
  command -v az >/dev/null || fail 'Azure CLI is not installed: https://aka.ms/azure-cli'
}

# Sets app_id and app_object; both are empty in a dry run before the first real one.
ensure_application() {
  local found
  list found apps_of_that_name
  ((${#found[@]} < 2)) || fail "There are ${#found[@]} app registrations with the name $name. Choose another with --name, or remove what is too much."
  app_id=${found[0]:-}
  if [[ -z $app_id ]]; then
    change "register the application $name" az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg
    $dry_run || app_id=$(apps_of_that_name)
  fi
  app_object=$(of_app id)
}

apps_of_that_name() { lines az ad app list --filter "displayName eq '${name//\'/\'\'}'" --query '[].appId'; }

# Reads a list of the registration by its path; empty where it is not there yet.
of_app() { [[ -z $app_id ]] || lines az ad app show --id "$app_id" --query "$1"; }

ensure_api() {
  local uris roles scopes scope_ids clients wants_roles=false wants_scope=false
  list uris of_app 'identifierUris'
  list roles of_app 'appRoles[].value'
  list scopes of_app 'api.oauth2PermissionScopes[].value'
  list clients of_app 'api.preAuthorizedApplications[].appId'
  has Tandem.Admin "${roles[@]}" && has Tandem.User "${roles[@]}" || wants_roles=true
  has access "${scopes[@]}" || wants_scope=true
  # Both lists are written as a whole, so what somebody else put there is not put at risk.
  ! $wants_roles || ((${#roles[@]} == 0)) || fail "The registration has app roles of its own (${roles[*]}). Add Tandem.Admin and Tandem.User to them by hand and run this again."
  ! $wants_scope || ((${#scopes[@]} == 0)) || fail "The registration exposes scopes of its own (${scopes[*]}). Add the scope access to them by hand and run this again."

  has "api://$app_id" "${uris[@]}" || change "set the application id URI api://${app_id:-CLIENT_ID}" az ad app update --id "$app_id" --identifier-uris "${uris[@]}" "api://$app_id"
  ! $wants_roles || change 'add the app roles Tandem.Admin and Tandem.User' patch_app '{"appRoles":[
    {"id":"'$admin_role_id'","value":"Tandem.Admin","displayName":"Tandem administrator","description":"Connects environments and enables mailboxes.","allowedMemberTypes":["User","Application"],"isEnabled":true},
    {"id":"'$user_role_id'","value":"Tandem.User","displayName":"Tandem user","description":"Uses the Workspace.","allowedMemberTypes":["User"],"isEnabled":true}]}'
  ! $wants_scope || change 'expose the API: scope access, tokens of version 2' patch_app '{"api":{"requestedAccessTokenVersion":2,"oauth2PermissionScopes":[
    {"id":"'$scope_id'","value":"access","type":"User","isEnabled":true,"adminConsentDisplayName":"Use Tandem","adminConsentDescription":"Use Tandem as the signed-in person.","userConsentDisplayName":"Use Tandem","userConsentDescription":"Use Tandem as you."}]}}'
  if ((${#clients[@]} == 0)); then
    list scope_ids of_app "api.oauth2PermissionScopes[?value=='access'].id"
    change 'let Azure CLI ask for tokens (az account get-access-token)' patch_app '{"api":{"preAuthorizedApplications":[{"appId":"'$azure_cli_app'","delegatedPermissionIds":["'"${scope_ids[0]:-$scope_id}"'"]}]}}'
  fi
}

patch_app() { az rest --method PATCH --url "$graph/applications/$app_object" --headers Content-Type=application/json --body "$1"; }

# Sets app_principal.
ensure_service_principal() {
  app_principal=''
  [[ -z $app_id ]] || app_principal=$(principal_of_app)
  [[ -z $app_principal ]] || return 0
  change 'make the service principal (enterprise application)' az ad sp create --id "$app_id"
  $dry_run || app_principal=$(principal_of_app)
}

principal_of_app() { lines az ad sp list --filter "appId eq '$app_id'" --query '[].id'; }

ensure_redirects() {
  [[ -n $url ]] || { say 'left: redirect URIs (give --url)'; return 0; }
  local wanted=("$url/admin/api/gwsc/auth/serverContext" "$url/app/api/auth/serviceAction/callback") known each
  list known of_app 'web.redirectUris'
  local all=("${known[@]}")
  for each in "${wanted[@]}"; do has "$each" "${known[@]}" || all+=("$each"); done
  ((${#all[@]} == ${#known[@]})) || change "add redirect URIs below $url" az ad app update --id "$app_id" --web-redirect-uris "${all[@]}"
}

ensure_dynamics() {
  local scope granted dynamics asked
  scope=$(lines az ad sp show --id $dynamics_app --query "oauth2PermissionScopes[?value=='user_impersonation'].id")
  [[ -n $scope ]] || fail 'Dynamics has no service principal in this tenant: is there an environment in it?'
  list asked of_app "requiredResourceAccess[?resourceAppId=='$dynamics_app'].resourceAccess[].id"
  has "$scope" "${asked[@]}" || change 'ask for the delegated permission user_impersonation of Dynamics' az ad app permission add --id "$app_id" --api $dynamics_app --api-permissions "$scope=Scope"
  $consent || { say 'left: consent to user_impersonation of Dynamics (give --consent, or people are asked)'; return 0; }
  dynamics=$(lines az ad sp show --id $dynamics_app --query id)
  granted=''
  [[ -z $app_principal ]] || granted=$(lines az rest --url "$graph/servicePrincipals/$app_principal/oauth2PermissionGrants" --query "value[?resourceId=='$dynamics' && consentType=='AllPrincipals'].scope")
  [[ $granted == *user_impersonation* ]] || change 'consent to user_impersonation of Dynamics for everybody' az ad app permission grant --id "$app_id" --api $dynamics_app --scope user_impersonation
}

ensure_credential() {
  local tenant subjects=()
  tenant=$(lines az account show --query tenantId)
  [[ -z $app_id ]] || list subjects lines az ad app federated-credential list --id "$app_id" --query '[].subject'
  has "$identity" "${subjects[@]}" || change "let the managed identity $identity stand in for a client secret" az ad app federated-credential create --id "$app_id" --parameters \
    '{"name":"managed-identity-'"${identity%%-*}"'","issuer":"https://login.microsoftonline.com/'"$tenant"'/v2.0","subject":"'"$identity"'","audiences":["api://AzureADTokenExchange"]}'
}

# Graph's application permissions of the managed identity: adds what is missing; with limited mailboxes takes back what Exchange grants instead.
ensure_graph() {
  local principal permission role assignment wanted=("${tenant_permissions[@]}") unwanted=("${mailbox_permissions[@]}")
  [[ $mailboxes == limited ]] || { wanted+=("${mailbox_permissions[@]}"); unwanted=(); }
  principal=$(lines az ad sp show --id $graph_app --query id)
  for permission in "${wanted[@]}"; do
    role=$(role_id "$permission")
    assignment=$(assignment_of "$role")
    [[ -n $assignment ]] || change "grant the managed identity $permission" az rest --method POST --url "$graph/servicePrincipals/$identity/appRoleAssignments" \
      --headers Content-Type=application/json --body '{"principalId":"'"$identity"'","resourceId":"'"$principal"'","appRoleId":"'"$role"'"}'
  done
  for permission in "${unwanted[@]}"; do
    role=$(role_id "$permission")
    assignment=$(assignment_of "$role")
    [[ -z $assignment ]] || change "take $permission back, which Exchange grants for some mailboxes" az rest --method DELETE --url "$graph/servicePrincipals/$identity/appRoleAssignments/$assignment"
  done
}

role_id() {
  local id
  id=$(lines az ad sp show --id $graph_app --query "appRoles[?value=='$1' && contains(allowedMemberTypes, 'Application')].id")
  [[ -n $id ]] || fail "Microsoft Graph has no application permission $1."
  printf %s "$id"
}

assignment_of() { lines az rest --url "$graph/servicePrincipals/$identity/appRoleAssignments" --query "value[?appRoleId=='$1'].id"; }

ensure_admin() {
  [[ -n $admin ]] || { say 'left: a first administrator (give --admin)'; return 0; }
  local role=$admin_role_id found=''
  if [[ -n $app_principal ]]; then
    role=$(of_app "appRoles[?value=='Tandem.Admin'].id")
    found=$(lines az rest --url "$graph/servicePrincipals/$app_principal/appRoleAssignedTo" --query "value[?principalId=='$admin' && appRoleId=='$role'].id")
  fi
  [[ -n $found ]] || change "give $admin the role Tandem.Admin" az rest --method POST --url "$graph/servicePrincipals/$app_principal/appRoleAssignedTo" \
    --headers Content-Type=application/json --body '{"principalId":"'"$admin"'","resourceId":"'"$app_principal"'","appRoleId":"'"$role"'"}'
}

((BASH_VERSINFO[0] >= 5)) || fail 'This needs bash 5 or newer; Azure Cloud Shell has it.'
read_options "$@"
ensure_application
ensure_api
ensure_service_principal
ensure_redirects
ensure_dynamics
if [[ -n $identity ]]; then
  ensure_credential
  ensure_graph
else
  say 'left: federated credential and Graph permissions (give --identity)'
fi
ensure_admin
say "CLIENT_ID: ${app_id:-not there yet}"
