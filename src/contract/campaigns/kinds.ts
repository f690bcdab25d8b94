/** What campaigns and their messages are, and in which states. */
import { Type, type Static } from 'typebox';
import {
  messageChannels,
  messageStates,
  campaignKinds,
  campaignPurposes,
  campaignStates,
} from '../codes.ts';
import { nullable, Uuid } from '../fields.ts';

export const CampaignKind = Type.Enum(campaignKinds);

export const CampaignPurpose = Type.Enum(campaignPurposes);

/** What people subscribe to. The purpose, and with it consent, hours and caps, follow from it. */
export const CampaignTopic = Type.Enum([
  'notice',
  'outage',
  'emergency',
  'arrears',
  'return_visit',
  'survey',
  'morning_call',
  'clinic',
  'entertainment',
  'offers',
  'telesales',
  'contact',
]);
export type CampaignTopic = Static<typeof CampaignTopic>;

export const CampaignState = Type.Enum(campaignStates);

export const MessageChannel = Type.Enum(messageChannels);

/** `unknown`: it may have gone out; it is not sent again. */
export const MessageStateCode = Type.Enum(messageStates);

/** The person, the home and the estate that a row is about. */
export const whose = { personId: nullable(Uuid), roomId: nullable(Uuid), estateId: nullable(Uuid) };
