/**
 * What people read about an error: what happened and why, and what to do next, for every code of the table.
 *
 * Placeholders are `{key}` of the error's detail. A part in square brackets is left out when one of its placeholders has no
 * value, so every text also reads well without any detail. Facts that are filled in, in all rooms alike:
 * `endpoint` ('host:port'; or `address`, or `host` and `port`), `fileId`, `group`, `path`, `name`, `key`, `field`, `reason`,
 * `status` (the server's number), `timeoutMs` (shown as `{seconds}`), `expected` and `actual`, `limit`, `profile`, `call`.
 */
import type { ErrorCode, ErrorData, ErrorDetail } from './errors.ts'

export type ErrorLanguage = 'en' | 'zh-CN'

export interface ErrorText {
  /** What happened and, where it is known, why. */
  what: string
  /** What the reader can do about it. */
  next: string
}

type TextTable = Record<ErrorCode, ErrorText>

const EN: TextTable = {
  HOST_NOT_FOUND: {
    what: 'The name[ {endpoint}] could not be found on the network.',
    next: 'Check the spelling of the address, or use the IP address instead.'
  },
  CONNECT_REFUSED: {
    what: 'The computer[ at {endpoint}] answered, but no program accepts connections on that port.',
    next: 'Check the port number, and ask the administrator whether the server is running.'
  },
  CONNECT_TIMEOUT: {
    what: 'No answer[ from {endpoint}][ within {seconds} s].',
    next: 'Check that you are in the right network (VPN?) and that no firewall is in the way.'
  },
  HOST_UNREACHABLE: {
    what: 'There is no way from this computer to the server[ {endpoint}].',
    next: 'Check your network connection or VPN. If this is an address inside the data centre, add an address mapping to the connection.'
  },
  TRACKER_UNREACHABLE: {
    what: 'None of the trackers of this connection answers[ ({endpoint})].',
    next: 'Open the connection and test it. If it worked before, ask the administrator whether the trackers are running.'
  },
  STORAGE_UNREACHABLE: {
    what: 'The storage server[ {endpoint}] cannot be reached from here.',
    next: 'If the tracker names an internal address, add an address mapping to the connection. Otherwise wait for the server to come back.'
  },
  SERVER_FULL: {
    what: 'The server[ {endpoint}] accepts no more connections right now.',
    next: 'The transfer will try again by itself. If this happens often, lower the number of simultaneous transfers in the settings.'
  },
  CONNECTION_LOST: {
    what: 'The connection[ to {endpoint}] broke in the middle.',
    next: 'Try again; an interrupted transfer continues where it stopped.'
  },
  TIMEOUT: {
    what: 'The server[ {endpoint}] stopped answering[ for {seconds} s].',
    next: 'Try again. If the network is slow, raise the time limit of the connection.'
  },
  NOT_FASTDFS: {
    what: 'Something answers[ at {endpoint}], but it is not a FastDFS server.',
    next: 'Check the port: trackers usually listen on 22122, storage servers on 23000. The web address (port 80 or 8888) does not work here.'
  },
  PROTOCOL_TRUNCATED: {
    what: 'The server[ {endpoint}] sent an answer that is too short.',
    next: 'Try again. If it stays, save the details and report them: this server may be a version that is not supported.'
  },
  PROTOCOL_INVALID: {
    what: 'The server[ {endpoint}] sent an answer that makes no sense[: {reason}].',
    next: 'Try again. If it stays, save the details and report them: this server may be a version that is not supported.'
  },
  NOT_FOUND: {
    what: 'The file[ {fileId}] is not on the server (any more).',
    next: 'Check the file ID. If somebody deleted the file, remove it from the library.'
  },
  GROUP_UNKNOWN: {
    what: 'This cluster has no such group[: {group}].',
    next: 'Choose one of the groups that the cluster view shows.'
  },
  NO_STORAGE: {
    what: 'No storage server[ of {group}] is available at the moment.',
    next: 'Wait until a storage server is back, or choose another group.'
  },
  NO_SPACE: {
    what: 'There is no space left on the servers[ of {group}].',
    next: 'Choose another group, or free space by deleting files.'
  },
  REJECTED: {
    what: 'The server[ {endpoint}] refused the request as invalid.',
    next: 'Check the file ID and the group. If both are right, this server may not support the function.'
  },
  EXISTS: {
    what: 'The server already has a file[ {fileId}] under this name.',
    next: 'Choose another name, or keep the file that is there.'
  },
  DENIED: {
    what: 'The server[ {endpoint}] does not allow this.',
    next: 'Ask the administrator to allow your computer (allow_hosts) or to check the permissions of the folder on the server.'
  },
  BUSY: {
    what: 'The server[ {endpoint}] is busy with this file or group.',
    next: 'Wait a moment and try again.'
  },
  UNSUPPORTED: {
    what: 'This server[ {endpoint}] does not support the function.',
    next: 'Nothing is lost. Ask the administrator for a newer FastDFS version if you need it.'
  },
  SERVER_IO: {
    what: 'The server[ {endpoint}] could not read or write its own disk.',
    next: 'Tell the administrator. Meanwhile you can upload to another group.'
  },
  SERVER_STATUS: {
    what: 'The server[ {endpoint}] reported an error.',
    next: 'Try again later. If it stays, give the administrator the number in the details.'
  },
  NOT_SYNCED: {
    what: 'The file[ {fileId}] has not reached every storage server yet.',
    next: 'Wait a little and try again; the servers copy it by themselves.'
  },
  SOURCE_AWAY: {
    what: 'The storage server that holds the original of this file[ ({endpoint})] is away.',
    next: 'Wait: the transfer continues when that server is back. No other server may take the rest without risk to the file.'
  },
  CHECKSUM_MISMATCH: {
    what: 'The bytes that arrived differ from the original[ (checksum {actual} instead of {expected})].',
    next: 'Try again: the damaged copy was thrown away. If it happens again, the network or a disk damages data.'
  },
  SIZE_MISMATCH: {
    what: 'The size is not what it should be[ ({actual} instead of {expected} bytes)].',
    next: 'Try again: the incomplete copy was thrown away.'
  },
  FILE_ID_INVALID: {
    what: 'This is not a FastDFS file ID[: {fileId}].',
    next: 'A file ID looks like group1/M00/00/00/wKgBaF…jpg. Copy it again, complete and without quotes.'
  },
  GROUP_INVALID: {
    what: 'This is not a valid group name[: {group}].',
    next: 'Group names have 1 to 16 letters and digits, such as group1.'
  },
  ADDRESS_INVALID: {
    what: 'This is not a valid server address[: {address}].',
    next: 'Write it as host:port, such as 192.168.1.10:22122.'
  },
  METADATA_INVALID: {
    what: 'The metadata[ “{key}”] contains characters that FastDFS cannot store[ ({reason})].',
    next: 'Remove control characters from the name and the value. A name must not be empty.'
  },
  METADATA_TOO_LONG: {
    what: 'The metadata[ “{key}”] is too long.',
    next: 'A name may have 64 bytes and a value 256 bytes; a Chinese character needs 3 bytes. Shorten it.'
  },
  INPUT_INVALID: {
    what: 'What was entered[ for {field}] cannot be used[: {reason}].',
    next: 'Correct it and try again.'
  },
  LOCAL_NOT_FOUND: {
    what: 'The file or folder[ {path}] is not on this computer (any more).',
    next: 'Check whether it was moved, renamed or is on a drive that is not connected.'
  },
  LOCAL_DENIED: {
    what: 'This computer does not allow access to the file or folder[ {path}].',
    next: 'Choose another folder, or change its permissions. Close programs that have the file open.'
  },
  LOCAL_READ_ONLY: {
    what: 'The folder or drive[ {path}] can only be read, not written.',
    next: 'Choose a folder that you may write to.'
  },
  LOCAL_DISK_FULL: {
    what: 'The disk of this computer is full[ ({path})].',
    next: 'Free some space or choose a folder on another disk, then retry.'
  },
  LOCAL_IO: {
    what: 'This computer could not read or write the file[ {path}][: {reason}].',
    next: 'Check the disk or the network drive and try again.'
  },
  LOCAL_NOT_A_FILE: {
    what: 'This is not a normal file[: {path}].',
    next: 'Folders, shortcuts to nowhere and device files cannot be uploaded as a file. Choose another one.'
  },
  LOCAL_NAME_INVALID: {
    what: 'This name cannot be used on this computer[: {name}].',
    next: 'Choose a name without / \\ : * ? " < > | that is not reserved.'
  },
  SOURCE_CHANGED: {
    what: 'The file[ {path}] changed while it was being uploaded.',
    next: 'Wait until the other program has finished writing, then retry: the upload starts from the beginning.'
  },
  TARGET_EXISTS: {
    what: 'There is already a file with this name[: {path}].',
    next: 'Choose another name or folder, or allow overwriting.'
  },
  ADDRESS_IN_USE: {
    what: 'Another program is already using the address[ {address}].',
    next: 'Choose another port, or close the other program.'
  },
  LIBRARY_LOCKED: {
    what: 'The library is in use by another program.',
    next: 'Close other windows of FastDFS Desktop that use the same data folder, then try again.'
  },
  LIBRARY_CORRUPT: {
    what: 'The library file is damaged[ ({path})].',
    next: 'Your files on the servers are safe. Quit, move the library file away or restore a backup, and start again.'
  },
  LIBRARY_FAILED: {
    what: 'The library could not save or read this[: {reason}].',
    next: 'Check that the disk of this computer is not full, then try again.'
  },
  BINLOG_NONE: {
    what: 'There is no binlog[ in {path}].',
    next: 'Choose the files binlog.000, binlog.001 … (compressed or not) or the folder data/sync of a storage server that they are in.'
  },
  BINLOG_MIXED: {
    what: 'The binlog files are in several folders[, such as {path}].',
    next: 'Import the log of one storage server at a time.'
  },
  BINLOG_UNREADABLE: {
    what: 'The file[ {path}] is no binlog.',
    next: 'Choose the files binlog.000, binlog.001 … of a storage server. Nothing was changed.'
  },
  LIST_UNREADABLE: {
    what: 'The list[ {path}] cannot be read as text or as a table.',
    next: 'Save it as CSV or text (UTF-8 or GBK) and try again. From Excel: File > Save as > CSV UTF-8.'
  },
  IMPORT_BUSY: {
    what: 'Files are being read from this server[ ({endpoint})] already.',
    next: 'Wait until that is done, or cancel it.'
  },
  PROFILE_UNKNOWN: {
    what: 'This connection[ “{profile}”] no longer exists.',
    next: 'Choose another connection from the list.'
  },
  PROFILE_READ_ONLY: {
    what: 'This connection[ “{profile}”] is set to read-only.',
    next: 'Nothing was changed. Allow changes in the settings of the connection if you want them.'
  },
  NOT_CONFIRMED: {
    what: 'This connection[ “{profile}”] is marked as production, and deleting in it was not confirmed.',
    next: 'Nothing was deleted. Tick the box in the dialog that asks.'
  },
  LINK_BASE_MISSING: {
    what: 'The program does not know the web address of the files[ of {group}].',
    next: 'Enter it in the settings of the connection, such as http://files.example.com. File IDs can be copied without it.'
  },
  LINK_NAME_INVALID: {
    what: 'The name[ “{name}”] cannot be a download name, because of a quote or control character in it.',
    next: 'Rename the file in the library, or copy the link without a download name.'
  },
  WEB_REFUSED: {
    what: 'The web server refuses the link.',
    next: 'Links need a token there, or the token is wrong: compare the token secret and the token lifetime of the connection with http.conf of the servers, and the clocks.'
  },
  WEB_DECOY: {
    what: 'The web server answers with something else than the file.[ It has {answeredBytes} bytes.]',
    next: 'Servers do so when a token is missing, wrong or too old: compare the token secret of the connection with http.conf of the servers, and the clocks.'
  },
  WEB_MISSING: {
    what: 'The web server does not find the file.',
    next: 'Check that the web address belongs to the group of the file, and that the file is there (Check now, in the inspector).'
  },
  WEB_STATUS: {
    what: 'The web server cannot deliver the file.',
    next: 'Try again later. If it stays so, whoever runs the web server finds the cause in its log.'
  },
  WEB_GROUP: {
    what: 'The web server wants another form of links: with the name of the group where this connection leaves it out, or the other way round.',
    next: 'Change “Group in links” in the settings of the connection. It is url_have_group_name in mod_fastdfs.conf of the servers.'
  },
  WEB_CERTIFICATE: {
    what: 'The certificate of the web server[ {endpoint}] cannot be trusted.',
    next: 'Browsers will warn whoever opens such a link. Whoever runs the web server can install a valid certificate; if its issuer is one of your company, links may work all the same.'
  },
  WEB_BROKEN: {
    what: 'What answers at the web address[ ({endpoint})] is no web server, or speaks another language.',
    next: 'Check http or https, and the port: those of FastDFS itself (22122, 23000) are no web addresses.'
  },
  CONNECT_LINK_INVALID: {
    what: 'The link does not describe a connection that can be used.[ ({reason})]',
    next: 'Ask whoever gave it to you for a new one, or add the connection by the address of its tracker. Nothing was saved.'
  },
  TOKEN_SECRET_MISSING: {
    what: 'The connection has no token secret.',
    next: 'Enter it in the settings of the connection: it is http.anti_steal.secret_key in the configuration of the servers.'
  },
  TOKEN_SECRET_INVALID: {
    what: 'The token secret is empty or too long for the servers.',
    next: 'Compare it with http.anti_steal.secret_key in the configuration of the servers.'
  },
  HOST_CANNOT: {
    what: 'This is not possible in this window[: {reason}].',
    next: 'Use the desktop window, or do it with the file manager of your computer.'
  },
  CALL_UNKNOWN: {
    what: 'The window asked for something this version does not know[: {call}].',
    next: 'Reload the window. If it stays, install the same version of all parts again.'
  },
  CALL_INVALID: {
    what: 'Something in the request is not valid[: {field}][ ({reason})].',
    next: 'Correct the entry and try again.'
  },
  LINK_LOST: {
    what: 'The window lost its connection to the program.',
    next: 'It reconnects by itself; running transfers go on. If it does not, start the program again.'
  },
  ABORTED: {
    what: 'This was cancelled.',
    next: 'Start it again if you still want it.'
  },
  INTERNAL: {
    what: 'The program made a mistake[: {reason}].',
    next: 'Nothing that was stored is lost. Try again; if it stays, please report it with the details.'
  }
}

const ZH_CN: TextTable = {
  HOST_NOT_FOUND: { what: '在网络上找不到这个主机名[：{endpoint}]。', next: '请检查地址是否拼写正确，或改用 IP 地址。' },
  CONNECT_REFUSED: {
    what: '主机[ {endpoint} ]有响应，但该端口上没有程序接受连接。',
    next: '请检查端口号，并向管理员确认服务器是否正在运行。'
  },
  CONNECT_TIMEOUT: {
    what: '连接服务器[ {endpoint} ]没有响应[（已等待 {seconds} 秒）]。',
    next: '请确认您处在正确的网络中（是否需要 VPN？），并且没有被防火墙拦截。'
  },
  HOST_UNREACHABLE: {
    what: '本机无法到达服务器[ {endpoint}]。',
    next: '请检查网络连接或 VPN。如果这是机房内部地址，请在连接设置中添加地址映射。'
  },
  TRACKER_UNREACHABLE: {
    what: '此连接的所有 Tracker 都没有响应[（{endpoint}）]。',
    next: '请打开该连接并进行测试。如果以前可用，请向管理员确认 Tracker 是否正在运行。'
  },
  STORAGE_UNREACHABLE: {
    what: '从本机无法连接存储服务器[ {endpoint}]。',
    next: '如果 Tracker 返回的是内网地址，请在连接设置中添加地址映射；否则请等待服务器恢复。'
  },
  SERVER_FULL: {
    what: '服务器[ {endpoint} ]的连接数已满。',
    next: '传输会自动重试。如果经常出现，请在设置中减少同时传输的数量。'
  },
  CONNECTION_LOST: { what: '与服务器[ {endpoint} ]的连接中途断开。', next: '请重试，中断的传输会从断点继续。' },
  TIMEOUT: { what: '服务器[ {endpoint} ]停止响应[（已等待 {seconds} 秒）]。', next: '请重试。如果网络较慢，请调大该连接的超时时间。' },
  NOT_FASTDFS: {
    what: '该地址[ {endpoint} ]有响应，但不是 FastDFS 服务器。',
    next: '请检查端口：Tracker 通常为 22122，存储服务器通常为 23000。网页访问端口（80 或 8888）不能用在这里。'
  },
  PROTOCOL_TRUNCATED: {
    what: '服务器[ {endpoint} ]返回的数据不完整。',
    next: '请重试。如果一直出现，请保存详细信息并反馈：该服务器的版本可能不受支持。'
  },
  PROTOCOL_INVALID: {
    what: '服务器[ {endpoint} ]返回了无法理解的数据[：{reason}]。',
    next: '请重试。如果一直出现，请保存详细信息并反馈：该服务器的版本可能不受支持。'
  },
  NOT_FOUND: {
    what: '服务器上没有这个文件[：{fileId}]，它可能已被删除。',
    next: '请检查文件 ID。如果文件已被他人删除，可将其从文件库中移除。'
  },
  GROUP_UNKNOWN: { what: '此集群中没有这个组[：{group}]。', next: '请从集群视图列出的组中选择。' },
  NO_STORAGE: { what: '目前没有可用的存储服务器[（{group}）]。', next: '请等待存储服务器恢复，或选择其他组。' },
  NO_SPACE: { what: '服务器空间已满[（{group}）]。', next: '请选择其他组，或删除文件以释放空间。' },
  REJECTED: {
    what: '服务器[ {endpoint} ]认为请求无效而拒绝。',
    next: '请检查文件 ID 和组名。如果都正确，则该服务器可能不支持此功能。'
  },
  EXISTS: { what: '服务器上已有同名文件[：{fileId}]。', next: '请换一个名称，或保留已有的文件。' },
  DENIED: {
    what: '服务器[ {endpoint} ]不允许此操作。',
    next: '请让管理员允许您的电脑访问（allow_hosts），或检查服务器上目录的权限。'
  },
  BUSY: { what: '服务器[ {endpoint} ]正忙于处理该文件或该组。', next: '请稍等片刻再试。' },
  UNSUPPORTED: { what: '该服务器[ {endpoint} ]不支持此功能。', next: '数据没有丢失。如需此功能，请让管理员升级 FastDFS。' },
  SERVER_IO: { what: '服务器[ {endpoint} ]读写自身磁盘时出错。', next: '请通知管理员。在此期间可以上传到其他组。' },
  SERVER_STATUS: { what: '服务器[ {endpoint} ]报告了一个错误。', next: '请稍后再试。如果一直出现，请把详细信息中的数字告诉管理员。' },
  NOT_SYNCED: { what: '文件[ {fileId} ]尚未同步到所有存储服务器。', next: '请稍等再试，服务器会自动完成同步。' },
  SOURCE_AWAY: {
    what: '保存此文件原件的存储服务器[（{endpoint}）]不在线。',
    next: '请等待：该服务器恢复后传输会自动继续。由其他服务器接收剩余部分可能损坏文件。'
  },
  CHECKSUM_MISMATCH: {
    what: '收到的内容与原文件不一致[（校验值应为 {expected}，实为 {actual}）]。',
    next: '请重试，损坏的副本已被丢弃。如果再次出现，说明网络或磁盘正在损坏数据。'
  },
  SIZE_MISMATCH: { what: '文件大小不符[（应为 {expected} 字节，实为 {actual} 字节）]。', next: '请重试，不完整的副本已被丢弃。' },
  FILE_ID_INVALID: {
    what: '这不是有效的 FastDFS 文件 ID[：{fileId}]。',
    next: '文件 ID 形如 group1/M00/00/00/wKgBaF…jpg。请重新完整复制，不要带引号。'
  },
  GROUP_INVALID: { what: '组名无效[：{group}]。', next: '组名由 1 到 16 个字母和数字组成，例如 group1。' },
  ADDRESS_INVALID: { what: '服务器地址无效[：{address}]。', next: '请写成 主机:端口 的形式，例如 192.168.1.10:22122。' },
  METADATA_INVALID: {
    what: '元数据[“{key}”]含有 FastDFS 无法保存的字符[（{reason}）]。',
    next: '请去掉名称和值中的控制字符。名称不能为空。'
  },
  METADATA_TOO_LONG: {
    what: '元数据[“{key}”]太长。',
    next: '名称最多 64 字节，值最多 256 字节；一个汉字占 3 字节。请缩短后再试。'
  },
  INPUT_INVALID: { what: '输入的内容[（{field}）]无法使用[：{reason}]。', next: '请修改后重试。' },
  LOCAL_NOT_FOUND: { what: '本机上找不到该文件或文件夹[：{path}]。', next: '请检查它是否被移动、改名，或所在的磁盘是否已断开。' },
  LOCAL_DENIED: { what: '没有权限访问该文件或文件夹[：{path}]。', next: '请选择其他文件夹或修改权限，并关闭正在使用该文件的程序。' },
  LOCAL_READ_ONLY: { what: '该文件夹或磁盘为只读[：{path}]。', next: '请选择一个可以写入的文件夹。' },
  LOCAL_DISK_FULL: { what: '本机磁盘已满[（{path}）]。', next: '请释放空间或选择其他磁盘上的文件夹，然后重试。' },
  LOCAL_IO: { what: '本机读写文件时出错[：{path}][（{reason}）]。', next: '请检查磁盘或网络驱动器，然后重试。' },
  LOCAL_NOT_A_FILE: { what: '这不是普通文件[：{path}]。', next: '文件夹、失效的快捷方式和设备文件不能作为文件上传，请另选。' },
  LOCAL_NAME_INVALID: { what: '本机不能使用这个名称[：{name}]。', next: '请使用不含 / \\ : * ? " < > | 且非系统保留的名称。' },
  SOURCE_CHANGED: { what: '文件[ {path} ]在上传过程中被修改。', next: '请等其他程序写完后重试，上传将从头开始。' },
  TARGET_EXISTS: { what: '已存在同名文件[：{path}]。', next: '请换一个名称或文件夹，或允许覆盖。' },
  ADDRESS_IN_USE: { what: '地址[ {address} ]正被另一个程序使用。', next: '请换一个端口，或关闭那个程序。' },
  LIBRARY_LOCKED: { what: '文件库正被另一个程序使用。', next: '请关闭使用同一数据文件夹的其他 FastDFS Desktop 窗口，然后重试。' },
  LIBRARY_CORRUPT: {
    what: '文件库已损坏[（{path}）]。',
    next: '服务器上的文件不受影响。请退出程序，移走该文件或恢复备份，然后重新启动。'
  },
  LIBRARY_FAILED: { what: '文件库读写失败[：{reason}]。', next: '请确认本机磁盘未满，然后重试。' },
  BINLOG_NONE: {
    what: '没有找到 binlog[：{path}]。',
    next: '请选择存储服务器的 binlog.000、binlog.001……文件（压缩与否均可），或它们所在的 data/sync 文件夹。'
  },
  BINLOG_MIXED: { what: '这些 binlog 文件来自不同的文件夹[，例如 {path}]。', next: '请一次只导入一台存储服务器的日志。' },
  BINLOG_UNREADABLE: { what: '该文件不是 binlog[：{path}]。', next: '请选择存储服务器的 binlog.000、binlog.001……文件。没有做任何更改。' },
  LIST_UNREADABLE: {
    what: '无法把该清单当作文本或表格读取[：{path}]。',
    next: '请另存为 CSV 或文本（UTF-8 或 GBK）后重试。在 Excel 中：文件 > 另存为 > CSV UTF-8。'
  },
  IMPORT_BUSY: { what: '已经在从该服务器[（{endpoint}）]读取文件。', next: '请等待其完成，或先取消。' },
  PROFILE_UNKNOWN: { what: '该连接[“{profile}”]已不存在。', next: '请从列表中选择其他连接。' },
  PROFILE_READ_ONLY: { what: '该连接[“{profile}”]为只读。', next: '没有做任何更改。如需修改，请在连接设置中关闭只读。' },
  NOT_CONFIRMED: { what: '该连接[“{profile}”]标记为生产环境，删除未经确认。', next: '没有删除任何文件。请在询问的对话框中勾选确认。' },
  LINK_BASE_MISSING: {
    what: '还不知道文件的网页访问地址[（{group}）]。',
    next: '请在连接设置中填写，例如 http://files.example.com。文件 ID 无需填写即可复制。'
  },
  LINK_NAME_INVALID: {
    what: '名称[“{name}”]含有引号或控制字符，不能用作下载文件名。',
    next: '请在文件库中重命名，或复制不带下载文件名的链接。'
  },
  WEB_REFUSED: {
    what: '网页服务器拒绝了此链接。',
    next: '那里的链接需要令牌，或者令牌不正确：请将连接的令牌密钥和令牌有效期与服务器的 http.conf 对照，并核对时钟。'
  },
  WEB_DECOY: {
    what: '网页服务器返回的不是这个文件。[返回了 {answeredBytes} 字节。]',
    next: '缺少令牌、令牌错误或过期时，服务器会这样做：请将连接的令牌密钥与服务器的 http.conf 对照，并核对时钟。'
  },
  WEB_MISSING: {
    what: '网页服务器找不到此文件。',
    next: '请确认网页地址属于文件所在的组，并在详情面板中点击“立即检查”，确认文件存在。'
  },
  WEB_STATUS: {
    what: '网页服务器无法提供此文件。',
    next: '请稍后重试。如果一直如此，网页服务器的管理员可以在其日志中找到原因。'
  },
  WEB_GROUP: {
    what: '网页服务器需要另一种形式的链接：此连接的链接带有组名而它不需要，或者相反。',
    next: '请在连接设置中更改“链接含组名”。它对应服务器 mod_fastdfs.conf 中的 url_have_group_name。'
  },
  WEB_CERTIFICATE: {
    what: '网页服务器[ {endpoint} ]的证书不可信。',
    next: '打开此类链接时浏览器会发出警告。请网页服务器的管理员安装有效证书；如果证书由贵公司自己的机构签发，链接可能仍然可用。'
  },
  WEB_BROKEN: {
    what: '网页访问地址[（{endpoint}）]上有响应，但不是网页服务器，或协议不符。',
    next: '请检查是 http 还是 https，以及端口：FastDFS 自身的端口（22122、23000）不是网页地址。'
  },
  CONNECT_LINK_INVALID: {
    what: '此链接描述的不是可用的连接。[（{reason}）]',
    next: '请向提供者索取新的链接，或直接填写 Tracker 地址来添加连接。没有保存任何内容。'
  },
  TOKEN_SECRET_MISSING: {
    what: '此连接没有令牌密钥。',
    next: '请在连接设置中填写，即服务器配置中的 http.anti_steal.secret_key。'
  },
  TOKEN_SECRET_INVALID: {
    what: '令牌密钥为空，或超过了服务器允许的长度。',
    next: '请与服务器配置中的 http.anti_steal.secret_key 核对。'
  },
  HOST_CANNOT: { what: '在此窗口中无法进行该操作[：{reason}]。', next: '请使用桌面窗口，或通过系统的文件管理器完成。' },
  CALL_UNKNOWN: { what: '窗口请求了当前版本不认识的功能[：{call}]。', next: '请重新加载窗口。如果一直出现，请重新安装同一版本。' },
  CALL_INVALID: { what: '请求中有内容无效[：{field}][（{reason}）]。', next: '请修改后重试。' },
  LINK_LOST: { what: '窗口与程序的连接已断开。', next: '它会自动重新连接，正在进行的传输不受影响。如果没有恢复，请重新启动程序。' },
  ABORTED: { what: '操作已取消。', next: '如仍需要，请重新开始。' },
  INTERNAL: { what: '程序内部出错[：{reason}]。', next: '已保存的内容不会丢失。请重试；如果一直出现，请附上详细信息反馈给我们。' }
}

/** Every text, by language; a missing code does not compile. */
export const ERROR_TEXTS: Record<ErrorLanguage, TextTable> = { en: EN, 'zh-CN': ZH_CN }

/**
 * The two sentences for an error in one language. The server's status number, when there is one, ends the first: "… (28)".
 * An unknown code (an error stored by a newer version) reads as INTERNAL.
 */
export function describeError(data: ErrorData, language: ErrorLanguage): ErrorText {
  const table = ERROR_TEXTS[language]
  const text = Object.hasOwn(table, data.code) ? table[data.code] : table.INTERNAL
  const facts = factsOf(data.detail ?? {})
  const status = data.detail?.['status']
  const number = typeof status === 'number' ? ` (${status})` : ''
  return { what: fill(text.what, facts) + number, next: fill(text.next, facts) }
}

/** Both sentences as one text; Chinese has no space between sentences. */
export function errorSentences({ what, next }: ErrorText, language: ErrorLanguage): string {
  return language === 'zh-CN' ? what + next : `${what} ${next}`
}

/** Longest fact that is put into a sentence; a path or a pasted text may be much longer. */
const MAX_FACT = 200

/** The detail with the derived facts that texts use, each as short plain text. */
function factsOf(detail: ErrorDetail): Map<string, string> {
  const facts = new Map<string, string>()
  for (const [key, value] of Object.entries(detail)) {
    if (value === undefined || value === '') continue
    const text = String(value)
    facts.set(key, text.length > MAX_FACT ? `${text.slice(0, MAX_FACT)}…` : text)
  }
  const host = facts.get('host')
  const port = facts.get('port')
  const endpoint = facts.get('endpoint') ?? facts.get('address') ?? (host !== undefined && port !== undefined ? `${host}:${port}` : host)
  if (endpoint !== undefined) {
    facts.set('endpoint', endpoint)
    if (!facts.has('address')) facts.set('address', endpoint)
  }
  const timeoutMs = detail['timeoutMs']
  if (typeof timeoutMs === 'number') facts.set('seconds', String(Math.max(0.1, Math.round(timeoutMs / 100) / 10)))
  return facts
}

/** Replaces placeholders; a bracketed part with a missing one disappears. Facts are never interpreted as templates. */
function fill(template: string, facts: ReadonlyMap<string, string>): string {
  return template.replace(/\[([^[\]]*)\]/g, (_, part: string) => insert(part, facts) ?? '')
}

function insert(part: string, facts: ReadonlyMap<string, string>): string | null {
  let complete = true
  const text = part.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = facts.get(key)
    if (value === undefined) complete = false
    return value ?? ''
  })
  return complete ? text : null
}
