import { legVariable, switchVariable } from '../../../cti/index.ts';
import type { KnownPhone } from './accounts.ts';
import { answersOf } from './test-phones.ts';
import { forcedContact, type DirectoryQuestion } from './forced-contact.ts';

const notFound = '<result status="not found"/>';

/** Those over TLS are offered encrypted sound as `lt_srtp` says; see freeswitch-conf/sip_profiles/phones-tls.xml. */
const dialStrings = [
  '${sofia_contact(internal/${dialed_user}@${dialed_domain})}',
  `\${sofia_contact(phones-tls/\${dialed_user}@\${dialed_domain}/[rtp_secure_media_outbound=\${${switchVariable.srtp}}])}`,
];

/** The answer to mod_xml_curl about one telephone; undefined is «not found». See docs/protocol/directory.md. */
export function directoryDocument(
  question: DirectoryQuestion,
  phone: KnownPhone | undefined,
): string {
  if (phone === undefined) return document('result', notFound);
  const { username, ha1, ha1Sha256, callerNumber } = phone;
  const forced = forcedContact(question, username);
  if (forced.kind === 'refused') return document('result', notFound);
  const answers = answersOf(username, callerNumber);
  return document(
    'directory',
    `<domain name="${escaped(question['domain'] ?? '')}"><user id="${escaped(username)}"><params>` +
      `<param name="a1-hash" value="${ha1}"/>` +
      (ha1Sha256 === null || ha1Sha256 === undefined
        ? ''
        : `<param name="a1-hash-sha256" value="${ha1Sha256}"/>`) +
      // Holds what `sip-force-contact` was at the registration, never what the telephone wrote.
      `<param name="dial-string" value="${dialStrings.join(',')}"/>` +
      '</params><variables>' +
      variable('user_context', 'agents') +
      variable('effective_caller_id_number', callerNumber ?? username) +
      // Whoever calls from it has shown whose it is, see docs/protocol/directory.md.
      variable(legVariable.trunk, 'phones') +
      (answers === undefined ? '' : variable(legVariable.answers, answers)) +
      (forced.kind === 'contact' ? variable('sip-force-contact', forced.contact) : '') +
      '</variables></user></domain>',
  );
}

function document(section: string, inner: string): string {
  return `<document type="freeswitch/xml"><section name="${section}">${inner}</section></document>`;
}

function variable(name: string, value: string): string {
  return `<variable name="${name}" value="${escaped(value)}"/>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
