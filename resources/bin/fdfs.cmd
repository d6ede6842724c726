@echo off
rem fdfs: the command line of FastDFS Desktop. Add this folder to the PATH.
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0fdfs.ps1" %*
exit /b %errorlevel%
