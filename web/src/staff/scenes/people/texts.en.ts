import type { texts as zh } from './texts.zh-CN.ts';

export const texts: Readonly<Record<keyof typeof zh, string>> = {
  'person.addresses': 'Email and fax',
  'person.addAddress': 'Add email or fax',
  'person.prefer': 'Set as preferred',
  'person.forgetAddress': 'Remove this address?',
  'person.verify': 'Verify',
  'person.verifyWhy':
    "Reminders name an amount only once the address is verified as the owner's own.",
  'person.choices': 'Notification preferences',
  'person.choicesHelp':
    'Channels are tried in the order chosen; without a choice, the campaign decides.',
  'person.bounced': 'Bounced, not in use',
  'person.bouncedWhy':
    'Mail to this address bounced. It is used again once it is changed or verified.',
  'person.theirText': 'Incoming message',
  'person.name': 'Name',
  'person.primary': 'preferred',
  'choice.usual': 'No choice made',
  'choice.asksFirst': 'No consent: not contacted',
  'choice.bySms': 'By text',
  'choice.byCall': 'During a call',
  'choice.byStaff': 'Staff',
  'choice.unwanted': 'Not wanted',
  'choice.noWay': 'No channel chosen',
  'choice.edit': 'Change the preference for {topic}',
  'choice.wanted': 'Wanted',
  'choice.ways': 'Channels',
  'choice.order': 'The first one chosen is tried first.',
  'choice.from': 'From',
  'choice.to': 'To',
  'choice.reset': 'Reset to no choice',
  'people.search': 'Name, pinyin, phone or home',
  'people.searchHelp':
    'Try part of a name, pinyin initials, a complete number, or a home such as 3-2-1201.',
  'people.none': 'No owners yet',
  'people.noneHelp': 'Owners, tenants and their families appear here once they have been imported.',
};
