# A program with windows has no console of its own: piped, its output is shown and its end is waited for.
$program = Join-Path $PSScriptRoot '..\..\FastDFS Desktop.exe'
if ($MyInvocation.ExpectingInput) { $input | & $program --fdfs @args | Out-Host } else { & $program --fdfs @args | Out-Host }
exit $LASTEXITCODE
