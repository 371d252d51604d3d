# Completes the words of harvest in PowerShell 7. For this shell:
#     harvest completion pwsh | Out-String | Invoke-Expression
# For every session, put that line into the file that $PROFILE names.
Register-ArgumentCompleter -Native -CommandName harvest -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @(
        foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
            if ($element.Extent.EndOffset -lt $cursorPosition) {
                $element -is [System.Management.Automation.Language.StringConstantExpressionAst] ? $element.Value : $element.Extent.Text
            }
        }
    )
    $word = "$wordToComplete".Trim("'", '"')
    $program = $commandAst.GetCommandName()
    $paths = ''
    foreach ($line in & $program complete '--' @words $word 2>$null) {
        $text, $note = $line -split "`t", 2
        if ($text -in ':files', ':folders') {
            $paths = $text
        } else {
            $tip = [string]::IsNullOrWhiteSpace($note) ? $text : $note
            $typed = $text -match '[^\w.,=/:+-]' ? "'$($text.Replace("'", "''"))'" : $text
            [System.Management.Automation.CompletionResult]::new($typed, $text, 'ParameterValue', $tip)
        }
    }

    if ($paths) {
        [System.Management.Automation.CompletionCompleters]::CompleteFilename($word) |
            Where-Object { $paths -eq ':files' -or $_.ResultType -eq 'ProviderContainer' }
    }
}
