/** The help pages in Chinese: the same pages, options and examples as in help.ts. */
export const GENERAL_ZH = `fdfs - 在终端中使用 FastDFS：每个字节都经过校验，上传可断点续传

用法：fdfs 命令 [参数] [选项]

命令
  upload PATH…            上传文件和文件夹，输出文件 ID
  sync PATH…              按 FastDFS Desktop 的文件库，只上传新增或有变化的文件
  download ID… -o DIR     把文件下载到文件夹
  zip ID… -o FILE         把文件下载为一个 zip 压缩包
  info ID…                向服务器查询大小、CRC-32 和来源
  meta get ID…            显示元数据
  meta set ID k=v…        替换文件的全部元数据
  meta merge ID k=v…      添加或修改文件的部分元数据
  delete ID…              从服务器删除文件
  ls GROUP                列出一个组的文件（存储服务器要读完整个日志，请少用）
  groups                  各组和存储服务器的状态与空间
  doctor                  逐步测试连接，并说明哪里有问题
  decode ID…              仅凭文件 ID 就能知道的信息，不连接服务器
  completion SHELL        bash、zsh、fish 或 powershell 的自动补全

连接
  -t, --trackers LIST     host:port，多个用逗号分隔（或用环境变量 FDFS_TRACKERS）
  -p, --profile NAME      在 FastDFS Desktop 中保存的连接（名称或编号）
      --data DIR          FastDFS Desktop 的数据文件夹，用来查找连接

选项
      --json              标准输出中每个文件一个 JSON 对象
  -q, --quiet             不显示进度
      --read-only         拒绝一切会改动服务器的操作
  -h, --help              显示本页，或某个命令的帮助
  -V, --version           显示版本

用一个 - 代替文件 ID 时，从标准输入读取：文本行、CSV 或 fdfs 的 JSON 行都可以。
按一次 Ctrl-C 会妥善结束，再次执行同一命令即可继续（--fresh：重新开始）；按两次立即停止。
退出状态：0 全部完成，1 部分失败（逐个列出），2 用法错误，130 被中断。`

export const PAGES_ZH: Record<string, string> = {
  upload: `用法：fdfs upload PATH… [--group GROUP] [--meta KEY=VALUE]… [--watch] [--jobs N]

上传文件，以及文件夹中的全部内容。存储服务器上的大小和 CRC-32 与本地文件一致时，才算完成。
每个文件输出一行：文件 ID 和路径。

  -g, --group GROUP       使用哪个组；不指定时由 Tracker 选择
  -m, --meta KEY=VALUE    每个文件的元数据，可以重复
  -w, --watch             继续上传之后出现或变化的文件，直到按 Ctrl-C
  -j, --jobs N            同时上传多少个文件（1 到 32）
      --fresh             重新开始，不继续上次中断的同一命令

示例
  fdfs upload photo.jpg -t 192.168.0.10:22122
  fdfs upload ./assets --group group1 --meta project=spring --meta author=Li --json
  fdfs upload ./renders --watch --profile Studio`,
  sync: `用法：fdfs sync PATH… [--folder FOLDER] [--group GROUP] [--meta KEY=VALUE]… [--watch] [--jobs N]

只上传 FastDFS Desktop 的文件库中还没有的文件（同一文件夹、同一名称、同样内容的算已有）。
不会删除任何文件：有变化的文件会成为一个新文件。两者使用同一个文件库，因此执行期间不能运行 FastDFS Desktop。

      --folder FOLDER     放到文件库的哪个文件夹
  -g, --group GROUP       使用哪个组；不指定时由 Tracker 选择
  -m, --meta KEY=VALUE    每个文件的元数据，可以重复
  -w, --watch             继续上传之后出现或变化的文件，直到按 Ctrl-C
  -j, --jobs N            同时上传多少个文件（1 到 32）
      --fresh             重新开始，不继续上次中断的同一命令

示例
  fdfs sync ./assets --profile Studio
  fdfs sync ./assets --folder Campaigns/Spring --profile Studio --watch`,
  download: `用法：fdfs download ID… -o DIR [--conflict rename|overwrite|skip]

把文件下载到文件夹；元数据中有原名时使用原名。大小和 CRC-32 都正确后，文件才以自己的名称出现；
中断的下载保留为旁边的 NAME.part。

  -o, --output DIR        文件夹（不存在时会新建）
      --conflict HOW      已有同名文件时：rename 改名（默认）、overwrite 覆盖、skip 跳过
  -j, --jobs N            同时下载多少个文件（1 到 32）

示例
  fdfs download group1/M00/00/00/wKgA….jpg -o ~/Pictures -t 192.168.0.10:22122
  fdfs download - -o . --profile Studio < ids.txt`,
  zip: `用法：fdfs zip ID… -o FILE

把文件下载为一个 zip 压缩包（仅存储，不压缩）。无法下载的文件会略过，逐个列出，并写入压缩包中的
_missing.txt；此时退出状态为 1。

  -o, --output FILE       压缩包

示例
  fdfs zip - -o spring.zip --profile Studio < ids.txt`,
  info: `用法：fdfs info ID…

向服务器查询：大小、CRC-32、最后修改时间、来源存储服务器。可追加文件的 CRC-32 要由服务器读取整个文件。

示例
  fdfs info group1/M00/00/00/wKgA….jpg -t 192.168.0.10:22122
  fdfs ls group1 | fdfs info - --json`,
  meta: `用法：fdfs meta get ID…
      fdfs meta set ID KEY=VALUE…     （替换全部；不给键值则全部删除）
      fdfs meta merge ID KEY=VALUE…   （添加和修改）

键最多 64 字节，值最多 256 字节（UTF-8）。

示例
  fdfs meta get group1/M00/00/00/wKgA….jpg --profile Studio
  fdfs meta merge - reviewed=yes < ids.txt`,
  delete: `用法：fdfs delete ID…

从服务器永久删除文件及其元数据。从文件是独立的文件，会保留。

示例
  fdfs delete - --json < ids.txt`,
  ls: `用法：fdfs ls GROUP [--path N]

列出一个组的文件，每行一个 ID，由其中一台存储服务器逐条发送。为此它要读完整个日志。

      --path N            只列出第 N 个存储路径（0 到 255）

示例
  fdfs ls group1 -t 192.168.0.10:22122 > group1.txt
  fdfs ls group1 --path 0 --profile Studio --json`,
  groups: `用法：fdfs groups

各组和存储服务器的状态、版本与空间。

示例
  fdfs groups -t 192.168.0.10:22122
  fdfs groups --profile Studio --json`,
  doctor: `用法：fdfs doctor

从本机逐步测试连接：地址、每个 Tracker、组、版本和时钟，以及每台存储服务器。说明哪里有问题、该怎么办。
最多 10 秒。有 Tracker 应答且每台活动的存储服务器都能访问时退出状态为 0，否则为 1。

示例
  fdfs doctor -t 192.168.0.10:22122
  fdfs doctor --profile Studio --json`,
  completion: `用法：fdfs completion bash|zsh|fish|powershell

输出一段脚本，用于补全命令、选项和取值。

示例
  eval "$(fdfs completion bash)"                                  （写入 ~/.bashrc）
  eval "$(fdfs completion zsh)"                                   （写入 ~/.zshrc）
  fdfs completion fish > ~/.config/fish/completions/fdfs.fish
  fdfs completion powershell | Out-String | Invoke-Expression     （写入 $PROFILE）

deb 安装包自带前三种。`,
  decode: `用法：fdfs decode ID…

仅凭文件 ID 就能知道的信息：组、来源存储服务器、创建时间、大小、CRC-32、类型。不连接服务器。

示例
  fdfs decode group1/M00/00/00/wKgA….jpg
  fdfs decode - --json < links.csv`
}
