import { Refusal, type WireReply } from '../serving/wire';
import type { Table } from './schema';

/** An error reply in the Web API's shape. */
export function errorReply(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): WireReply {
  return {
    status,
    headers: { 'content-type': 'application/json; odata.metadata=minimal', ...headers },
    body: { error: { code, message } },
  };
}

/** To be thrown: answers with an error from deep inside. */
export function refusal(status: number, code: string, message: string): Refusal {
  return new Refusal(errorReply(status, code, message));
}

/** The payload does not fit the table (Web API client errors, 0x80048d19). */
export function badPayload(message: string): Refusal {
  return refusal(400, '0x80048d19', `Error identified in Payload provided by the user: ${message}`);
}

/** The query does not fit the table, or its syntax is wrong. */
export function badQuery(message: string): Refusal {
  return refusal(400, '0x80060888', message);
}

export function invalidArgument(message: string): Refusal {
  return refusal(400, '0x80040203', message);
}

export function unknownProperty(name: string, table: Table): Refusal {
  return badQuery(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`);
}

export function missing(table: Table, id: string): Refusal {
  return refusal(404, '0x80040217', `${table.logicalName} With Id = ${id} Does Not Exist`);
}

/** Something the real service may know and this stand-in does not: never a guess. */
export function unsupported(what: string): Refusal {
  return refusal(501, '0x80060888', `The stand-in does not support ${what}.`);
}
