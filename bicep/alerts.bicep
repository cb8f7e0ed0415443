// What somebody has to look at, and where the news goes. docs/operations.md has cause and cure of each alert by its name.
param namePrefix string
param actionGroupName string
param location string
param tags object
param email string
param insightsId string
param serviceBusId string
param freshnessLimitSeconds int

// The app writes one line of JSON an event (shared/platform/telemetry.ts).
var events = '''
let events = traces
| extend facts = parse_json(message)
| extend event = tostring(facts.event)
| where isnotempty(event);
'''

// A rule fires where its query gives a row.
var rules = [
  {
    name: 'freshness'
    description: 'Edits take too long to arrive on the other side (95th percentile).'
    severity: 2
    every: 'PT5M'
    over: 'PT30M'
    query: '''
events
| where event == 'freshness'
| summarize p95 = percentilew(todouble(facts.p95), tolong(facts['count']), 95), edits = sum(tolong(facts['count']))
| where edits >= 10 and p95 > LIMIT_MS
'''
  }
  {
    name: 'failing-mailboxes'
    description: 'Mailboxes that have failed for half an hour or longer and are still failing.'
    severity: 2
    every: 'PT15M'
    over: 'PT3H'
    query: '''
events
| where event == 'cycle-failed'
| summarize first = min(timestamp), arg_max(timestamp, facts) by mailbox = tostring(facts.mailbox)
| where timestamp - first >= 30m and todatetime(facts.retryAt) > ago(10m)
'''
  }
  {
    name: 'consent-lost'
    description: 'Entra ID, Microsoft Graph or Dynamics refuses the app itself: a permission, a role or a consent is missing.'
    severity: 1
    every: 'PT5M'
    over: 'PT15M'
    query: '''
events
| where event in ('cycle-failed', 'poll-failed')
| where tostring(facts.code) in ('unauthorized', 'sign-in-needed', 'forbidden', 'settings')
| summarize polls = countif(event == 'poll-failed'), mailboxes = dcountif(tostring(facts.mailbox), event == 'cycle-failed')
| where polls >= 3 or mailboxes >= 3
'''
  }
  {
    name: 'polls-failing'
    description: 'A feed of Dynamics, or the probe of Exchange, fails again and again.'
    severity: 2
    every: 'PT5M'
    over: 'PT15M'
    query: '''
events
| where event == 'poll-failed'
| summarize failures = sum(itemCount) by integration = tostring(facts.integration), kind = tostring(facts.kind)
| where failures >= 10
'''
  }
  {
    name: 'brake-tripped'
    description: 'So much was deleted or let go within a day that Tandem stopped: an administrator decides.'
    severity: 1
    every: 'PT5M'
    over: 'PT15M'
    query: '''
events
| where event == 'brake-tripped'
| summarize held = sum(tolong(facts.held)) by integration = tostring(facts.integration), scope = tostring(facts.scope)
'''
  }
  {
    name: 'pair-frozen'
    description: 'Both sides of a pair kept rewriting each other: it was stopped until an administrator decides.'
    severity: 3
    every: 'PT15M'
    over: 'PT1H'
    query: '''
events
| where event == 'pair-frozen'
| summarize pairs = dcount(tostring(facts.record))
| where pairs > 0
'''
  }
  {
    name: 'server-errors'
    description: 'Requests to the app were answered with a server error (5xx).'
    severity: 2
    every: 'PT5M'
    over: 'PT15M'
    query: '''
requests
| where toint(resultCode) >= 500
| summarize failures = sum(itemCount)
| where failures >= 5
'''
  }
  {
    name: 'not-answering'
    description: 'The health page does not answer from outside.'
    severity: 1
    every: 'PT15M'
    over: 'PT1H'
    query: '''
availabilityResults
| where toint(success) == 0
| summarize failures = sum(itemCount)
| where failures >= 3
'''
  }
  {
    name: 'timers-silent'
    description: 'A timer has not run for longer than its period: nobody asks who is due.'
    severity: 1
    every: 'PT15M'
    over: 'PT3H'
    query: '''
let due = datatable(name: string, minutes: int) ['pollDynamics', 15, 'pollExchange', 15, 'heartbeat', 30, 'dailySweep', 150];
let begun = toscalar(requests | summarize min(timestamp));
let ran = requests | where tobool(success) | summarize last = max(timestamp) by name;
due
| join kind=leftouter ran on name
| where isnull(last) or last < now() - minutes * 1m
| where isnull(begun) or begun < now() - minutes * 1m
'''
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'tandem'
    enabled: true
    emailReceivers: empty(email) ? [] : [
      {
        name: 'administrator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource queryRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: '${namePrefix}${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Tandem: ${rule.name}'
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [insightsId]
    evaluationFrequency: rule.every
    windowSize: rule.over
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: '${events}${replace(rule.query, 'LIMIT_MS', string(freshnessLimitSeconds * 1000))}'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: { actionGroups: [actionGroup.id] }
  }
}]

// Messages that were delivered ten times and never done with, and those that nobody can read.
var queueRules = [
  { name: 'dead-letters', metric: 'DeadletteredMessages', queues: ['polls', 'wakeups', 'assignments'], description: 'Messages are dead: each was delivered ten times.' }
  { name: 'rejected-messages', metric: 'ActiveMessages', queues: ['rejected'], description: 'Messages that do not parse lie in the queue rejected.' }
]

resource queueAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [for rule in queueRules: {
  name: '${namePrefix}${rule.name}'
  location: 'global'
  tags: tags
  properties: {
    description: rule.description
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: rule.name
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: rule.metric
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: rule.queues
            }
          ]
        }
      ]
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}]
