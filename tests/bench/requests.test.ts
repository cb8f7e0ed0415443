import { type AppRequest, ownHeader, requestOf, tally } from '../../bench/requests';
import { isTableWrite, labelOf } from '../../bench/table-proxy';
import type { TraceLine } from '../../local/serving/trace';

const mark = '/users/anna/contacts?$top=1&$orderby=lastModifiedDateTime%20desc&$select=id%2ClastModifiedDateTime&$count=true';

function line(changes: Partial<TraceLine>): TraceLine {
  return {
    at: '2026-01-01T00:00:00.000Z',
    service: 'dynamics',
    method: 'GET',
    url: 'http://127.0.0.1:1/api/data/v9.2/contacts',
    requestHeaders: {},
    requestBody: '',
    status: 200,
    responseHeaders: {},
    responseBody: '',
    ...changes,
  };
}

function batch(parts: readonly (readonly [method: string, url: string, status?: number])[]): TraceLine {
  return line({
    service: 'graph',
    method: 'POST',
    url: 'http://127.0.0.1:1/v1.0/$batch',
    requestBody: JSON.stringify({ requests: parts.map(([method, url], index) => ({ id: String(index), method, url })) }),
    responseBody: JSON.stringify({ responses: parts.map(([, , status = 200], index) => ({ id: String(index), status })) }),
  });
}

function counted(...lines: TraceLine[]): AppRequest[] {
  return lines.flatMap((each) => requestOf(each) ?? []);
}

const kinds = (of: TraceLine): string[] | undefined => requestOf(of)?.operations.map(({ kind }) => kind);

describe('what counts for a change', () => {
  test('what the benchmark itself asks, and what goes to other services, does not count', () => {
    expect(requestOf(line({ requestHeaders: { [ownHeader]: 'own' } }))).toBeNull();
    expect(requestOf(line({ service: 'identity' }))).toBeNull();
  });

  test('change tracking is a poll, every other GET of Dynamics a read, and the rest are writes', () => {
    const root = 'http://127.0.0.1:1/api/data/v9.2';
    expect(kinds(line({ url: `${root}/contacts?$deltatoken=1!2` }))).toEqual(['poll']);
    expect(kinds(line({ url: `${root}/contacts?$select=contactid`, requestHeaders: { prefer: 'odata.track-changes' } }))).toEqual(['poll']);
    expect(kinds(line({ url: `${root}/contacts(1)` }))).toEqual(['read']);
    expect(kinds(line({ url: `${root}/contacts(1)`, method: 'PATCH' }))).toEqual(['write']);
    expect(kinds(line({ url: `${root}/contacts(1)`, method: 'DELETE', status: 412 }))).toEqual(['write']);
  });

  test('a mark beside a delta is part of the drain, and a poll where a probe asks for it', () => {
    expect(
      kinds(
        batch([
          ['GET', mark],
          ['GET', '/users/anna/contactFolders/contacts/contacts/delta?$deltatoken=1'],
        ]),
      ),
    ).toEqual(['drain', 'drain']);
    expect(kinds(batch([['GET', mark]]))).toEqual(['poll']);
    expect(kinds(batch([['GET', '/users/anna/contacts/1?$expand=extensions']]))).toEqual(['read']);
  });

  test('a part that Graph skipped because another failed was no operation', () => {
    const sent = batch([
      ['PATCH', '/users/anna/contacts/1', 404],
      ['PATCH', '/users/anna/contacts/2', 424],
    ]);
    expect(kinds(sent)).toEqual(['write']);
  });

  test('a batch counts once as a request, for the gravest of its parts, and every part as an operation', () => {
    const requests = counted(
      batch([
        ['GET', '/users/anna/events/1'],
        ['PATCH', '/users/anna/events/1'],
        ['PATCH', '/users/anna/events/2'],
      ]),
      batch([['GET', '/users/anna/contacts/1']]),
    );
    expect(tally(requests)).toMatchObject({
      write: { operations: 2, requests: 1 },
      read: { operations: 2, requests: 1 },
      drain: { operations: 0, requests: 0 },
    });
  });
});

describe('what counts as a table request', () => {
  test('a row that is addressed is told from rows that are searched', () => {
    const account = '/devstoreaccount1';
    expect(labelOf('GET', `${account}/mailboxes()?$filter=x`)).toBe('GET mailboxes()');
    expect(labelOf('PUT', `${account}/integrations(PartitionKey='integration',RowKey='feed%7Ccontoso%7Ctask')`)).toBe(
      'PUT integrations(key)',
    );
    expect(labelOf('POST', `${account}/$batch`)).toBe('POST $batch');
  });

  test('everything but a GET is a write', () => {
    expect(isTableWrite('GET mailboxes()')).toBe(false);
    expect(isTableWrite('POST $batch')).toBe(true);
    expect(isTableWrite('DELETE links(key)')).toBe(true);
  });
});
