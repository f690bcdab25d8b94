import { decodeText } from '../../../../../../src/contract/text-files.ts';
import { UploadOutlined } from '@ant-design/icons';
import { useQueries } from '@tanstack/react-query';
import { Button, Form, InputNumber, Select, Upload } from 'antd';
import { useState } from 'react';
import { api } from '../../../../api/client.ts';
import { useEstates } from '../../../../api/codes.ts';
import { useAct } from '../../../../shared/parts/use-act.ts';
import { useEstateName } from '../../../parts/use-estate-name.ts';
import { textOf, type Translate } from '../../../../shared/i18n/i18n.ts';
import { useLanguage, useText } from '../../../../shared/i18n/language.tsx';
import type { Draft } from './draft.ts';
import { SegmentFields } from './segment-fields.tsx';

interface UploadedList {
  id: string;
  name: string;
  entries: number;
  faults: { line: number; code: string }[];
}

/** Estates and buildings, a debt, or an uploaded list. */
export function AudienceFields({ kind }: { kind: Draft['kind'] }) {
  const t = useText();
  const form = Form.useFormInstance<Draft>();
  const estateName = useEstateName();
  const { data: estates = [] } = useEstates();
  const estateIds = Form.useWatch('estateIds', form) ?? [];
  const listId = Form.useWatch('listId', form);
  const buildings = useBuildings(estateIds);
  return (
    <>
      {listId === undefined && (
        <div className="field-row">
          <Form.Item name="estateIds" label={t('campaign.estates')}>
            <Select
              mode="multiple"
              placeholder={t('campaign.chooseEstates')}
              options={estates.map(({ id }) => ({ value: id, label: estateName(id) }))}
            />
          </Form.Item>
          <Form.Item name="buildingIds" label={t('campaign.buildings')}>
            <Select
              mode="multiple"
              disabled={estateIds.length === 0}
              placeholder={t('campaign.allBuildings')}
              showSearch={{ optionFilterProp: 'label' }}
              options={buildings.map(({ id, number, estateId }) => ({
                value: id,
                label: `${estateName(estateId)} ${number}`,
              }))}
            />
          </Form.Item>
        </div>
      )}
      {listId === undefined && <SegmentFields kind={kind} />}
      {kind === 'arrears' && (
        <div className="field-row">
          <Form.Item name="overdueDays" label={t('campaign.overdueDays')}>
            <InputNumber min={0} max={3650} className="full" />
          </Form.Item>
          <Form.Item name="minOwedYuan" label={t('campaign.minOwed')}>
            <InputNumber min={0} className="full" />
          </Form.Item>
        </div>
      )}
      <ListUpload />
    </>
  );
}

function useBuildings(estateIds: readonly string[]) {
  const answers = useQueries({
    queries: estateIds.map((estateId) => ({
      queryKey: ['buildings', estateId],
      queryFn: () =>
        api
          .get('/buildings', { query: { estateId } })
          .then(({ items }) => items.map((one) => ({ ...one, estateId }))),
      staleTime: 60_000,
    })),
  });
  return answers.flatMap(({ data }) => data ?? []);
}

function faultText(t: Translate, code: string): string {
  return textOf(t, 'listFault', code);
}

function ListUpload() {
  const t = useText();
  const { language } = useLanguage();
  const form = Form.useFormInstance<Draft>();
  const { act, isBusy } = useAct();
  const [list, setList] = useState<UploadedList>();
  const take = (file: File) =>
    void act(async () => {
      const name = file.name.slice(0, 80);
      const made = await api.post('/campaign-lists', {
        body: {
          name,
          text: decodeText(new Uint8Array(await file.arrayBuffer())),
        },
      });
      setList(made);
      form.setFieldValue('listId', made.id);
    });
  return (
    <>
      <Form.Item name="listId" hidden>
        <input />
      </Form.Item>
      <Form.Item name="sameAs" hidden>
        <input />
      </Form.Item>
      <Form.Item extra={t('campaign.listHelp')}>
        <Upload
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          maxCount={1}
          beforeUpload={(file) => {
            take(file);
            return false;
          }}
          onRemove={() => {
            setList(undefined);
            form.setFieldValue('listId', undefined);
          }}
        >
          <Button icon={<UploadOutlined />} loading={isBusy}>
            {t('campaign.list')}
          </Button>
        </Upload>
        {list !== undefined && (
          <div role="status">
            <div>{t('campaign.listGood', { count: list.entries })}</div>
            {list.faults.length > 0 && (
              <div className="owed">
                {t('campaign.listBad', {
                  count: list.faults.length,
                  lines: list.faults
                    .slice(0, 10)
                    .map((one) => `${one.line} (${faultText(t, one.code)})`)
                    .join(language === 'en' ? ', ' : '、'),
                })}
              </div>
            )}
          </div>
        )}
      </Form.Item>
    </>
  );
}
