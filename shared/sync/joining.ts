import { partsOfHtml, partsOfText } from '../model/joining-block';
import { isHtml, normalHtml } from '../model/rich-text';
import { normalText, type Values } from '../model/values';

/**
 * The values of one side of an online meeting with a body that is only what people wrote. Dynamics may hold the block for joining too: from before it was told
 * apart, or because somebody copied it there.
 */
export function withoutJoiningBlock(values: Values, rich: boolean): Values {
  const { body } = values;
  if (typeof body !== 'string') return values;
  const inHtml = rich && isHtml(body);
  const parts = inHtml ? partsOfHtml(body) : partsOfText(body);
  return parts === null ? values : { ...values, body: inHtml ? normalHtml(parts.people) : normalText(parts.people) };
}
