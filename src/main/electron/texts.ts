/** What the desktop shows of the program outside its windows: menus, tray, notifications, questions. */
export type Language = 'en' | 'zh-CN'

const en = {
  name: 'FastDFS Desktop',
  menu: {
    about: 'About FastDFS Desktop',
    checkForUpdates: 'Check for Updates…',
    settings: 'Settings…',
    services: 'Services',
    hide: 'Hide FastDFS Desktop',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    quit: 'Quit FastDFS Desktop',
    exit: 'Exit',
    file: '&File',
    newWindow: 'New Window',
    uploadFiles: 'Upload Files…',
    uploadFolder: 'Upload Folder…',
    paste: 'Paste File IDs or Links…',
    close: 'Close Window',
    edit: '&Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    pasteText: 'Paste',
    delete: 'Delete',
    selectAll: 'Select All',
    view: '&View',
    files: 'Files',
    transfers: 'Transfers',
    cluster: 'Cluster',
    connections: 'Connections',
    palette: 'Command Palette…',
    resetZoom: 'Actual Size',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    fullScreen: 'Full Screen',
    reload: 'Reload',
    devTools: 'Developer Tools',
    window: '&Window',
    minimize: 'Minimize',
    zoom: 'Zoom',
    front: 'Bring All to Front',
    help: '&Help',
    shortcuts: 'Keyboard Shortcuts'
  },
  tray: {
    tip: (status: string) => `FastDFS Desktop: ${status}`,
    open: 'Open FastDFS Desktop',
    pause: 'Pause All Transfers',
    resume: 'Resume All Transfers',
    idle: 'No transfers',
    running: (count: number, percent: number) => (count === 1 ? `1 transfer, ${percent}%` : `${count} transfers, ${percent}%`),
    paused: (count: number) => (count === 1 ? '1 transfer, paused' : `${count} transfers, paused`)
  },
  notification: {
    stillRunning: 'FastDFS Desktop keeps running',
    stillRunningText: 'Transfers go on. Quit it from its icon beside the clock, or switch this off in the settings.',
    done: {
      upload: 'Upload finished',
      download: 'Download finished',
      zip: 'ZIP archive finished',
      metadata: 'Metadata saved',
      delete: 'Files deleted',
      finish: 'Files have normal IDs now'
    },
    failed: {
      upload: 'Upload finished with failures',
      download: 'Download finished with failures',
      zip: 'ZIP archive finished with failures',
      metadata: 'Metadata was not saved everywhere',
      delete: 'Not everything was deleted',
      finish: 'Some files could not be finished'
    },
    files: (count: number) => (count === 1 ? '1 file' : `${count} files`),
    failures: (count: number) => `${count} failed`,
    failuresUnseen: 'Transfers failed',
    comma: ', ',
    showTransfers: 'Show Transfers',
    showInLibrary: 'Show in Library',
    showInFolder: 'Show in Folder'
  },
  quit: {
    message: (count: number) => (count === 1 ? 'One transfer is not finished.' : `${count} transfers are not finished.`),
    detail: 'They stop now and go on by themselves when you start FastDFS Desktop again.',
    quit: 'Quit',
    stay: 'Keep running'
  },
  update: {
    ready: (version: string) => `FastDFS Desktop ${version} is ready`,
    readyText: 'It is installed when you quit. Restart to use it now; transfers go on afterwards.',
    restart: 'Restart Now',
    later: 'Later',
    none: 'You have the newest version.',
    found: (version: string) => `FastDFS Desktop ${version} is being fetched. You are told when it is ready.`,
    failed: 'Updates could not be looked for.',
    failedText: 'The update server did not answer, or what it sent did not pass the checks. Nothing was changed.',
    unable: 'This copy does not update itself.',
    unableText: 'Update it the way it was installed.',
    ok: 'OK'
  }
}

export type ShellTexts = typeof en

const zh: ShellTexts = {
  name: 'FastDFS 桌面版',
  menu: {
    about: '关于 FastDFS 桌面版',
    checkForUpdates: '检查更新…',
    settings: '设置…',
    services: '服务',
    hide: '隐藏 FastDFS 桌面版',
    hideOthers: '隐藏其他',
    unhide: '全部显示',
    quit: '退出 FastDFS 桌面版',
    exit: '退出',
    file: '文件(&F)',
    newWindow: '新建窗口',
    uploadFiles: '上传文件…',
    uploadFolder: '上传文件夹…',
    paste: '粘贴文件 ID 或链接…',
    close: '关闭窗口',
    edit: '编辑(&E)',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    pasteText: '粘贴',
    delete: '删除',
    selectAll: '全选',
    view: '视图(&V)',
    files: '文件',
    transfers: '传输',
    cluster: '集群',
    connections: '连接',
    palette: '命令面板…',
    resetZoom: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    fullScreen: '全屏',
    reload: '重新加载',
    devTools: '开发者工具',
    window: '窗口(&W)',
    minimize: '最小化',
    zoom: '缩放',
    front: '前置全部窗口',
    help: '帮助(&H)',
    shortcuts: '键盘快捷键'
  },
  tray: {
    tip: (status) => `FastDFS 桌面版：${status}`,
    open: '打开 FastDFS 桌面版',
    pause: '暂停所有传输',
    resume: '继续所有传输',
    idle: '没有传输',
    running: (count, percent) => `${count} 个传输，${percent}%`,
    paused: (count) => `${count} 个传输，已暂停`
  },
  notification: {
    stillRunning: 'FastDFS 桌面版 仍在运行',
    stillRunningText: '传输会继续。可在时钟旁的图标中退出，或在设置中关闭后台运行。',
    done: {
      upload: '上传完成',
      download: '下载完成',
      zip: 'ZIP 归档完成',
      metadata: '元数据已保存',
      delete: '文件已删除',
      finish: '文件已有普通 ID'
    },
    failed: {
      upload: '上传完成，部分失败',
      download: '下载完成，部分失败',
      zip: 'ZIP 归档完成，部分失败',
      metadata: '部分元数据未保存',
      delete: '部分文件未删除',
      finish: '部分文件未能完成'
    },
    files: (count) => `${count} 个文件`,
    failures: (count) => `${count} 个失败`,
    failuresUnseen: '有传输失败',
    comma: '，',
    showTransfers: '显示传输',
    showInLibrary: '在文件库中显示',
    showInFolder: '在文件夹中显示'
  },
  quit: {
    message: (count) => `还有 ${count} 个传输未完成。`,
    detail: '它们将暂停，下次启动 FastDFS 桌面版 时会自动继续。',
    quit: '退出',
    stay: '继续运行'
  },
  update: {
    ready: (version) => `FastDFS 桌面版 ${version} 已就绪`,
    readyText: '退出时会自动安装。立即重启即可使用，传输随后继续。',
    restart: '立即重启',
    later: '稍后',
    none: '已是最新版本。',
    found: (version) => `正在获取 FastDFS 桌面版 ${version}，就绪后会通知您。`,
    failed: '无法检查更新。',
    failedText: '更新服务器没有响应，或其内容未通过校验。未做任何更改。',
    unable: '此副本不会自行更新。',
    unableText: '请按安装时的方式更新。',
    ok: '确定'
  }
}

export function textsOf(language: Language): ShellTexts {
  return language === 'zh-CN' ? zh : en
}
