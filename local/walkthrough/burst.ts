import type { Desk, Json } from './desk';
import type { Office } from './office';
import { until } from './until';

const contacts = 50;
const newTasks = 50;
const editsPerSide = 75;

/** 50 new tasks and 150 edits of contacts, half in each system, while the functions host is killed and started again. */
export async function burst(office: Office): Promise<void> {
  const { anna } = office;
  const names = Array.from({ length: contacts }, (_, index) => `Burst ${String(index).padStart(2, '0')}`);
  const rows = await Promise.all(names.map((lastname) => anna.dynamics('POST', 'contacts', { firstname: 'Walk', lastname })));
  const items = await until('fifty contacts are in Exchange', async () => {
    const found = (await anna.contacts()).filter(({ surname }) => names.includes(String(surname)));
    return found.length === contacts && new Map(found.map(({ surname, id }) => [String(surname), String(id)]));
  });

  const subjects = Array.from({ length: newTasks }, (_, index) => `Burst task ${index}`);
  const jobs = jobsOf(anna, names, rows, items, subjects);
  const kill = office.stack.killHost.bind(office.stack);
  await Promise.all([
    inTurn(jobs.slice(0, jobs.length / 2)),
    until('some of it has arrived', async () => (await tasksOf(anna, subjects)).length > 0),
  ]);
  await Promise.all([inTurn(jobs.slice(jobs.length / 2)), kill()]);
  await office.stack.startHost();

  await until('every edit is on both sides, once', () => allThere(anna, names, rows, items, subjects), 120_000);
}

/** The edits in an order that mixes the systems. */
function jobsOf(
  anna: Desk,
  names: readonly string[],
  rows: readonly Json[],
  items: ReadonlyMap<string, string>,
  subjects: readonly string[],
): (() => Promise<unknown>)[] {
  const inDynamics = Array.from({ length: editsPerSide }, (_, index) => {
    const row = rows[index % contacts];
    return () => anna.dynamics('PATCH', `contacts(${String(row?.contactid)})`, { jobtitle: `Title ${index}` });
  });
  const inExchange = Array.from({ length: editsPerSide }, (_, index) => {
    const id = items.get(names[index % contacts] ?? '');
    return () => anna.outlook('PATCH', `contacts/${String(id)}`, { department: `Department ${index}` });
  });
  const created = subjects.map((subject) => () => anna.dynamics('POST', 'tasks', { subject }));
  return Array.from({ length: editsPerSide }, (_, index) => [inDynamics[index], inExchange[index], created[index]])
    .flat()
    .filter((job) => job !== undefined);
}

async function inTurn(jobs: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const job of jobs) await job();
}

async function tasksOf(anna: Desk, subjects: readonly string[]): Promise<Json[]> {
  return (await anna.tasks()).filter(({ title }) => subjects.includes(String(title)));
}

/** True once everything is there; throws with what is not, so that a story that fails says where. */
async function allThere(
  anna: Desk,
  names: readonly string[],
  rows: readonly Json[],
  items: ReadonlyMap<string, string>,
  subjects: readonly string[],
): Promise<true> {
  const lastEdit = (index: number): number => (index + contacts < editsPerSide ? index + contacts : index);
  const tasks = await tasksOf(anna, subjects);
  if (new Set(tasks.map(({ title }) => title)).size !== tasks.length) throw new Error('a task was doubled');
  const inExchange = (await anna.contacts()).filter(({ surname }) => names.includes(String(surname)));
  if (inExchange.length > contacts) throw new Error('a contact was doubled');
  const byId = new Map(inExchange.map((contact) => [contact.id, contact]));
  const owned = await anna.owned('contacts', `startswith(lastname,'Burst')`, 'contactid,jobtitle,department');
  const byRow = new Map(owned.map((row) => [row.contactid, row]));
  const wrong = names.filter((name, index) => {
    const item = byId.get(items.get(name));
    const row = byRow.get(rows[index]?.contactid);
    const [title, department] = [`Title ${lastEdit(index)}`, `Department ${lastEdit(index)}`];
    return !(item?.jobTitle === title && item.department === department && row?.jobtitle === title && row.department === department);
  });
  if (wrong.length > 0) throw new Error(`${wrong.length} contacts differ, such as ${describe(wrong[0], names, byId, byRow, items, rows)}`);
  if (tasks.length < subjects.length) throw new Error(`${subjects.length - tasks.length} tasks are missing`);
  return true;
}

function describe(
  name: string | undefined,
  names: readonly string[],
  byId: ReadonlyMap<unknown, Json>,
  byRow: ReadonlyMap<unknown, Json>,
  items: ReadonlyMap<string, string>,
  rows: readonly Json[],
): string {
  const item = byId.get(items.get(name ?? ''));
  const row = byRow.get(rows[names.indexOf(name ?? '')]?.contactid);
  const exchange = `${String(item?.jobTitle)}, ${String(item?.department)}`;
  return `${name}: Exchange has ${exchange}; Dynamics has ${String(row?.jobtitle)}, ${String(row?.department)}`;
}
