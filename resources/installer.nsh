; Files that are sent to the program from the Explorer, or opened with it, are offered for upload; `fdfs` is found by every terminal.
!define FDFS_SHIM "$LOCALAPPDATA\Microsoft\WindowsApps\fdfs.cmd"
!define FDFS_OPEN_WITH "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"

!macro customInstall
  CreateShortCut "$SENDTO\${PRODUCT_NAME}.lnk" "$INSTDIR\${APP_EXECUTABLE_FILENAME}" "--"

  ; What follows the two dashes is no switch, whatever a file is called.
  WriteRegStr HKCU "${FDFS_OPEN_WITH}" "FriendlyAppName" "${PRODUCT_NAME}"
  WriteRegStr HKCU "${FDFS_OPEN_WITH}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" -- "%1"'

  ; That folder of the user is on the PATH since Windows 10: nothing has to be changed there. Below the user's own folder the place is
  ; written by its variable, since a name that is not of the system's code page does not survive in a file of commands.
  Push $R0
  Push $R1
  StrLen $R0 $LOCALAPPDATA
  StrCpy $R1 $INSTDIR $R0
  StrCmp $R1 $LOCALAPPDATA 0 fdfs_elsewhere
  StrCpy $R1 $INSTDIR "" $R0
  StrCpy $R1 "%LOCALAPPDATA%$R1"
  Goto fdfs_write
fdfs_elsewhere:
  StrCpy $R1 $INSTDIR
fdfs_write:
  IfFileExists "$LOCALAPPDATA\Microsoft\WindowsApps\*.*" 0 fdfs_done
  ClearErrors
  FileOpen $R0 "${FDFS_SHIM}" w
  IfErrors fdfs_done
  FileWrite $R0 '@call "$R1\resources\bin\fdfs.cmd" %*$\r$\n'
  FileClose $R0
fdfs_done:
  Pop $R1
  Pop $R0
!macroend

!macro customUnInstall
  Delete "$SENDTO\${PRODUCT_NAME}.lnk"
  DeleteRegKey HKCU "${FDFS_OPEN_WITH}"
  Delete "${FDFS_SHIM}"
!macroend
