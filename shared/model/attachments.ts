import { createHash } from 'node:crypto';
import { elementsOf, type FieldRule, type Values } from './values';

/** A larger file stays where it is: in base64 it would not fit into one request of 4 MB (Graph docs, attach files). Bytes. */
export const largestAttachment = 3_000_000;

/** The files of a single appointment, as sorted elements `name|size|sha256`: what is added or removed on one side is on the other. */
export const attachmentsField: FieldRule = {
  name: 'attachments',
  direction: 'both',
  merge: 'elements',
  settable: false,
  joins: true,
  isSet: true,
};

/** A file as a list of one side shows it. */
export interface ListedAttachment {
  readonly id: string;
  /** The id of the record or item that it belongs to. */
  readonly holder: string;
  /** Changes with its content; an attachment of Exchange never does. */
  readonly version: string;
  readonly name: string;
  readonly type: string;
  /** In bytes, as the side counts them: with Exchange some more than its content. */
  readonly size: number;
}

/** A file that is to be added. */
export interface NewAttachment {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** A file as an element. */
export function attachmentText(name: string, content: Buffer): string {
  return `${name}|${content.length}|${createHash('sha256').update(content).digest('hex')}`;
}

/** The name in an element. */
export function attachmentName(text: string): string {
  return text.split('|').slice(0, -2).join('|');
}

/** The values of a side that is being made: until its files are proved to be there, it counts as without any, so that none is ever taken for removed. */
export function withoutFiles(values: Values): Values {
  return elementsOf(values.attachments).length === 0 ? values : { ...values, attachments: null };
}
