// All that is asked for as a file, page after page.

import { Button } from '@cloudscape-design/components';
import { useState } from 'react';
import { useClient } from 'urql';
import { useFlash } from '../../ui/flash.ts';
import { saveFile } from '../../ui/save-file.ts';
import { accessCsv } from './csv.ts';
import { fileName } from './file-name.ts';
import { AccessDocument, type AccessFilter, type AccessRowFragment } from './operations.ts';
import { accessStrings as strings } from './strings.ts';

const PAGE = 200;
const MOST = 10_000;

interface DownloadButtonProps {
  readonly filter: AccessFilter;
  readonly count: number;
}

export function DownloadButton({ filter, count }: DownloadButtonProps) {
  const client = useClient();
  const flash = useFlash();
  const [isReading, setReading] = useState(false);
  const read = async (): Promise<readonly AccessRowFragment[]> => {
    const rows: AccessRowFragment[] = [];
    for (let page = 1; rows.length < MOST; page += 1) {
      const variables = { filter: { ...filter, page, pageSize: PAGE } };
      const { data, error } = await client.query(AccessDocument, variables, { requestPolicy: 'network-only' });
      if (data === undefined) throw error ?? new Error('no answer');
      rows.push(...data.listAccess.nodes);
      if (rows.length >= data.listAccess.count || data.listAccess.nodes.length === 0) break;
    }
    return rows;
  };
  const download = async (): Promise<void> => {
    setReading(true);
    try {
      const rows = await read();
      saveFile(fileName('csv'), fileOf(accessCsv(rows)));
      flash('success', rows.length < count ? strings.downloadedPart(rows.length, count) : strings.downloaded(rows.length)); // prettier-ignore
    } catch {
      flash('error', strings.notDownloaded);
    } finally {
      setReading(false);
    }
  };
  return (
    <Button
      iconName="download"
      disabled={count === 0}
      loading={isReading}
      loadingText={strings.downloading}
      onClick={() => void download()}
    >
      {strings.download}
    </Button>
  );
}

/** Spreadsheets take it for UTF-8 by its first character. */
const fileOf = (text: string): Blob => new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' });
