import type { EventContext, link as Link, Receiver, Sender } from 'rhea';
import { answerAttach, SETTLED } from './rhea-links';
import { encode, int, type WireMessage } from './wire';

export interface Reply {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly errorCondition?: string;
  readonly body?: unknown;
}

const REQUEST_CREDIT = 500;

/** Answers every request that comes in on `receiver` on the link of the same AMQP session that the request names in `reply_to`. */
export function answerRequests(receiver: Receiver, answer: (request: WireMessage) => Reply): void {
  receiver.on('message', ({ message, delivery }: EventContext) => {
    const request = (message ?? {}) as unknown as WireMessage;
    delivery?.accept();
    receiver.add_credit(1);
    const { body = null, statusCode, ...rest } = answer(request);
    const replyLink = receiver.session.find_sender(
      (link: Link) => link.target?.address === request.reply_to || link.name === request.reply_to,
    );
    replyLink?.send(
      encode({ correlation_id: request.message_id, application_properties: { statusCode: int(statusCode), ...rest }, body }),
      undefined,
      0,
    );
  });
  receiver.add_credit(REQUEST_CREDIT);
}

/** Opens the client's receiving end for replies. They are sent settled: a confirmation of each would cost the client a round trip. */
export function openReplyLink(link: Sender): void {
  answerAttach(link, { snd_settle_mode: SETTLED });
  link.set_source({ address: link.source.address });
  link.set_target({ address: link.target?.address ?? link.name });
}
