-- Health of every kind of dataall.io, as kstatus judges it (Stalled: Degraded, Ready: Healthy, else Progressing), and beyond it:
-- what only a person can move on is Suspended, and what was found to differ in AWS is Degraded.
-- Argo CD itself calls objects that are being deleted Progressing, before it asks this script.

-- Reasons of Ready=False that wait for somebody to decide or to act.
local waits_for_people = {
  ConsentMissing = true,
  Draft = true,
  Maintenance = true,
  NotBootstrapped = true,
  PartlyApproved = true,
  PendingApproval = true,
  PivotRoleUnreachable = true,
  Suspended = true,
}

local status = obj.status
local conditions = {}
if status ~= nil and status.conditions ~= nil then
  for _, condition in ipairs(status.conditions) do
    conditions[condition.type] = condition
  end
end

local function holds(name)
  return conditions[name] ~= nil and conditions[name].status == "True"
end

local function health(word)
  local ready = conditions.Ready
  if ready.message == nil or ready.message == "" then
    return { status = word, message = ready.reason }
  end
  return { status = word, message = ready.reason .. ": " .. ready.message }
end

if conditions.Ready == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "the operator has not seen this generation yet" }
end
if holds("Ready") then
  return health("Healthy")
end
if holds("Stalled") then
  return health("Degraded")
end
if holds("Reconciling") then
  return health("Progressing")
end
if conditions.Ready.reason == "Drifted" then
  return health("Degraded")
end
if waits_for_people[conditions.Ready.reason] then
  return health("Suspended")
end
return health("Progressing")
