import { followedFolders } from '../../../shared/mail/folders';

const folders = [
  { id: 'inbox', parentId: null },
  { id: 'projects', parentId: 'inbox' },
  { id: 'one', parentId: 'projects' },
  { id: 'details', parentId: 'one' },
  { id: 'junk', parentId: null },
  { id: 'worse', parentId: 'junk' },
];
const about = (id: string) => ({ entity: 'account', id });

test('every folder is read but those left out and what lies in them', () => {
  expect(followedFolders(folders, new Set(['junk']), []).map(({ id }) => id)).toEqual(['inbox', 'projects', 'one', 'details']);
});

test('a rule counts below its folder, until a folder there has one of its own', () => {
  const rules = [
    { folderId: 'projects', regarding: about('all') },
    { folderId: 'one', regarding: about('first') },
  ];
  const found = followedFolders(folders, new Set(), rules).map(({ id, rule }) => [id, rule?.regarding?.id ?? null]);
  expect(Object.fromEntries(found)).toEqual({ inbox: null, projects: 'all', one: 'first', details: 'first', junk: null, worse: null });
});

test('a rule of a folder that is left out counts nowhere', () => {
  expect(followedFolders(folders, new Set(['junk']), [{ folderId: 'worse', regarding: null }]).some(({ rule }) => rule !== null)).toBe(
    false,
  );
});

test('folders that lie in each other, as a list in the middle of a move may show them, end all the same', () => {
  const circle = [
    { id: 'a', parentId: 'b' },
    { id: 'b', parentId: 'a' },
  ];
  expect(followedFolders(circle, new Set(), [{ folderId: 'b', regarding: null }]).map(({ rule }) => rule?.folderId)).toEqual(['b', 'b']);
});
