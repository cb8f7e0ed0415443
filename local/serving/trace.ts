import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** One served request, as a line of the trace file. */
export interface TraceLine {
  readonly at: string;
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}

export interface Trace {
  write(line: TraceLine): void;
  close(): Promise<void>;
}

const secretHeaders = new Set(['authorization', 'cookie', 'set-cookie', 'x-functions-key']);
const secretNames = 'access_token|id_token|refresh_token|client_secret|client_assertion|assertion|code_verifier|password';
/** An authorization code travels in forms and URLs only; in JSON a `code` says what went wrong. */
const formNames = `${secretNames}|code`;
const secretInJson = new RegExp(`"(${secretNames})"\\s*:\\s*"(?:[^"\\\\]|\\\\.)*"`, 'g');
const secretInForm = new RegExp(`(^|[?&#])(${formNames})=[^&\\s"]*`, 'g');
const secretInPage = new RegExp(`name="(${formNames})" value="[^"]*"`, 'g');
const vaultValue = /"value"\s*:\s*"(?:[^"\\]|\\.)*"/g;

/** Opens a trace that appends one JSON line a request to `file`, with every credential replaced by `***`. */
export function openTrace(file: string): Trace {
  const stream = createWriteStream(file, { flags: 'a' });
  return {
    write: (line) => void stream.write(`${JSON.stringify(withoutCredentials(line))}\n`),
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
}

/** The same line with credentials in headers, forms, JSON and URLs replaced by `***`. */
export function withoutCredentials(line: TraceLine): TraceLine {
  const vault = line.service === 'keyVault';
  return {
    ...line,
    url: scrub(line.url, false),
    requestHeaders: scrubHeaders(line.requestHeaders),
    requestBody: scrub(line.requestBody, vault),
    responseHeaders: scrubHeaders(line.responseHeaders),
    responseBody: scrub(line.responseBody, vault),
  };
}

function scrub(text: string, vault: boolean): string {
  const known = text.replace(secretInJson, '"$1":"***"').replace(secretInForm, '$1$2=***').replace(secretInPage, 'name="$1" value="***"');
  return vault ? known.replace(vaultValue, '"value":"***"') : known;
}

function scrubHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretHeaders.has(name.toLowerCase()) ? '***' : scrub(value, false)]),
  );
}
