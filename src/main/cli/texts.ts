/** What `fdfs` says besides results, errors and help pages, in the languages of the program. */
export type Language = 'en' | 'zh-CN'

const EN = {
  failed: (subject: string, why: string) => `failed: ${subject}: ${why}`,
  unknownError: 'unknown error',
  unchanged: (count: number) => `${count} unchanged`,
  watching: 'watching for new files; Ctrl-C ends it',
  watchFailed: (why: string) => `watching: ${why}`,
  resumed: 'going on where the last run was interrupted',
  interrupted: 'interrupted; the same command goes on where this one stopped',
  nameTaken: '(skipped: the name is taken)',
  deleted: (id: string) => `deleted ${id}`,
  noMetadata: '(no metadata)',
  progress: {
    files: (done: number, total: number) => `${done} of ${total} files`,
    bytes: (done: string, total: string) => `${done} of ${total}`,
    left: (time: string) => `${time} left`,
    failed: (count: number) => `${count} failed`,
    waiting: (count: number) => `${count} waiting`,
    listed: (count: number) => `${count} files`
  },
  doctor: {
    well: (count: number, groups: string) => `All is well: ${count === 1 ? 'one group' : `${count} groups`} (${groups}).`,
    partly: 'The cluster answers, but not all of it can be reached from here.',
    nothing: 'There is no working connection.',
    otherAddresses: 'The storages answer at other addresses. Add these to the address map of the connection:',
    literal: 'an IP address',
    answered: (ms: number) => `answers in ${ms} ms`,
    leader: ', leader',
    notLeader: ', not the leader',
    version: (versions: string) => `version ${versions}`,
    versionUnknown: 'version unknown',
    wrongToken: (outcome: string) => `a wrong token: ${outcome}`,
    sameClock: 'no difference to the clock of this computer',
    ahead: (time: string) => `${time} ahead of the clock of this computer`,
    behind: (time: string) => `${time} behind the clock of this computer`,
    mapped: (told: string) => `, by the address map for ${told}`
  }
}

const ZH: typeof EN = {
  failed: (subject, why) => `失败：${subject}：${why}`,
  unknownError: '未知错误',
  unchanged: (count) => `${count} 个文件没有变化`,
  watching: '正在监视新文件，按 Ctrl-C 结束',
  watchFailed: (why) => `监视时出错：${why}`,
  resumed: '从上次中断的地方继续',
  interrupted: '已中断；再次执行同一命令即可从这里继续',
  nameTaken: '（已跳过：已有同名文件）',
  deleted: (id) => `已删除 ${id}`,
  noMetadata: '（没有元数据）',
  progress: {
    files: (done, total) => `${done}/${total} 个文件`,
    bytes: (done, total) => `${done}/${total}`,
    left: (time) => `剩余 ${time}`,
    failed: (count) => `${count} 个失败`,
    waiting: (count) => `${count} 个等待中`,
    listed: (count) => `${count} 个文件`
  },
  doctor: {
    well: (count, groups) => `一切正常：${count} 个组（${groups}）。`,
    partly: '集群有应答，但从这里无法访问其中的全部服务器。',
    nothing: '没有可用的连接。',
    otherAddresses: '存储服务器在其他地址上有应答。请把下列条目加入该连接的地址映射：',
    literal: 'IP 地址',
    answered: (ms) => `${ms} 毫秒内应答`,
    leader: '，是 Leader',
    notLeader: '，不是 Leader',
    version: (versions) => `版本 ${versions}`,
    versionUnknown: '版本未知',
    wrongToken: (outcome) => `错误的令牌：${outcome}`,
    sameClock: '与本机时钟一致',
    ahead: (time) => `比本机时钟快 ${time}`,
    behind: (time) => `比本机时钟慢 ${time}`,
    mapped: (told) => `，通过地址映射代替 ${told}`
  }
}

export type CliTexts = typeof EN

export function textsFor(language: Language): CliTexts {
  return language === 'zh-CN' ? ZH : EN
}
