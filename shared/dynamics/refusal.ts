import { z } from 'zod';
import { errorCodes } from '../platform/errors';
import type { ApiError } from '../platform/reply-error';
import { tables } from './tables';

const bodySchema = z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

/** Error codes of the Web API that say more than their status ("Web service error codes", Dataverse documentation). */
const known: Readonly<Record<string, Omit<ApiError, 'detail'>>> = {
  '0x80044352': { code: errorCodes.cursorExpired },
  '0x80040237': { code: errorCodes.duplicate },
  '0x80040333': { code: errorCodes.duplicate, fix: 'Merge the duplicates in Dynamics, or change its duplicate detection rules.' },
  '0x80060893': { code: errorCodes.settings, fix: 'Enable optimistic concurrency for this table in Dynamics.' },
  '0x80072560': { fix: 'Add the person or account to the Dynamics environment, with a security role.' },
  '0x8004f507': {
    code: errorCodes.columnRefused,
    fix: 'Grant update of this column in a column security profile, or switch the field off in Tandem.',
  },
  '0x80040265': { fix: 'A plug-in or rule of the Dynamics environment refused the write; its own log says why.' },
};

/** A row that does not exist. A 404 with another code is a wrong address, and no proof that anything was deleted. */
const rowMissing = new Set(['0x80040217', '']);

/** With 404: the environment has no such table, as where an app is not installed. With 400 the same code says that a query is wrong. */
const noSuchTable = '0x80060888';

/** Messages of customers' own code; they may name anything. */
const foreignMessages = new Set(['0x80040265', '0x80040224']);

/** What an error body of the Web API says. */
export function readRefusal(status: number, body: string): ApiError {
  const error = errorIn(body);
  if (error === undefined) return status === 404 ? { code: errorCodes.unexpectedReply } : {};
  const code = error.code.toLowerCase();
  const detail = foreignMessages.has(code) ? code : [code, withoutValues(error.message)].filter((part) => part !== '').join(' ');
  if (status === 404 && code === noSuchTable)
    return {
      code: errorCodes.settings,
      fix: 'Switch this kind of record off in the settings of the integration, or add its table.',
      detail,
    };
  if (status === 404 && !rowMissing.has(code)) return { code: errorCodes.unexpectedReply, detail };
  if (status >= 500 && known[code]?.code !== errorCodes.duplicate) return { detail };
  return { ...known[code], detail };
}

function errorIn(body: string): { code: string; message: string } | undefined {
  try {
    return bodySchema.parse(JSON.parse(body)).error;
  } catch {
    return undefined;
  }
}

const guid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
const address = /[^\s'"<>(]+@[^\s'"<>)]+/g;
/** An opening quotation mark stands after no letter (that is an apostrophe); what is never closed goes to the end. */
const quoted = /(?<!\w)(['"])(.*?)(\1|$)/gs;
const longest = 300;

/** Names that a message may quote: columns and tables that Tandem uses, and limits of up to five digits. */
const names = new Set(tables.flatMap((table) => [...table.columns, table.set, table.set.replace(/s$/, '')]));

/**
 * A message without ids, addresses and values. From the first quotation that is neither a known name nor a limit, everything up to the last quotation mark
 * goes, because a value may hold quotation marks itself.
 */
export function withoutValues(message: string): string {
  const plain = message.replace(guid, '…').replace(address, '…');
  for (const match of plain.matchAll(quoted)) {
    const [, , text = '', closing] = match;
    if (closing !== '' && (names.has(text) || /^\d{1,5}$/.test(text))) continue;
    const last = Math.max(plain.lastIndexOf("'"), plain.lastIndexOf('"'));
    return `${plain.slice(0, match.index)}…${closing === '' ? '' : plain.slice(last + 1)}`.slice(0, longest);
  }
  return plain.slice(0, longest);
}
