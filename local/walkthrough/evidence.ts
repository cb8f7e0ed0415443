import { TableClient, TableServiceClient } from '@azure/data-tables';

/** Where a secret must not get to, beside the tables. */
export type Place = 'the log of the functions host' | 'a queue' | 'a reply of Tandem';

/** What Tandem has let out of its hands, kept to be searched. */
export class Evidence {
  private readonly noted = new Map<Place, string[]>();
  private readonly tables = new Map<string, string[]>();

  note(place: Place, text: string): void {
    const texts = this.noted.get(place);
    if (texts === undefined) this.noted.set(place, [text]);
    else texts.push(text);
  }

  /** Adds what is in the tables now: rows that go later have been there. */
  async readTables(connectionString: string): Promise<void> {
    const allowInsecureConnection = true;
    for await (const { name = '' } of TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection }).listTables()) {
      const rows: string[] = this.tables.get(name) ?? [];
      const table = TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection });
      for await (const row of table.listEntities()) rows.push(JSON.stringify(row, (_name, value: unknown) => readable(value)));
      this.tables.set(name, rows);
    }
  }

  /** Everything so far, by place. */
  texts(): ReadonlyMap<string, string> {
    const ofTables = [...this.tables].map(([name, rows]): [string, string] => [`the table ${name}`, rows.join('\n')]);
    return new Map([...this.noted].map(([place, texts]): [string, string] => [place, texts.join('\n')]).concat(ofTables));
  }
}

/** Bytes as the text that they may be. */
function readable(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : typeof value === 'bigint' ? String(value) : value;
}
