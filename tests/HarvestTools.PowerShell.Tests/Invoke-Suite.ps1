#requires -Version 7.6
<#
.SYNOPSIS
Runs the Pester suite against the built module and prints one line that scripts can read.
#>
[CmdletBinding()]
param(
    # Only test files whose name is like this.
    [string] $Name = '*',

    # Only tests whose full name is like this.
    [string] $Test = '*',

    # Pester's own word for how much it prints.
    [ValidateSet('None', 'Normal', 'Detailed', 'Diagnostic')]
    [string] $Verbosity = 'Normal',

    # Pester's manifest; without it, the newest Pester on the module path.
    [string] $Pester,

    # Writes the outcome of each test there, as JSON.
    [string] $ResultPath
)

# Scripts of users are strict; views and types of the module have scripts too, and run under the caller's mode.
Set-StrictMode -Version Latest
if ($Pester) {
    Import-Module $Pester -ErrorAction Stop
} else {
    Import-Module Pester -MinimumVersion 5.0 -ErrorAction Stop
}

$settings = New-PesterConfiguration
$settings.Run.Path = @(Get-ChildItem -LiteralPath $PSScriptRoot -Filter "$Name.Tests.ps1" | ForEach-Object FullName)
$settings.Run.PassThru = $true
$settings.Filter.FullName = $Test
$settings.Output.Verbosity = $Verbosity
$settings.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $settings
if ($ResultPath) {
    # What fails outside a test (a BeforeAll, the file itself) is the reason for every test it kept from running.
    $outside = @($result.FailedContainers; $result.FailedBlocks) | ForEach-Object { $_.ErrorRecord } | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }
    $outcomes = foreach ($one in $result.Tests) {
        $message = @($one.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" })
        [pscustomobject]@{
            Name    = $one.ExpandedPath
            Line    = $one.StartLine
            Result  = "$($one.Result)"
            Message = ($message.Count -gt 0 ? $message : $one.Result -eq 'Passed' ? @() : @($outside)) -join "`n"
        }
    }
    ConvertTo-Json -InputObject @($outcomes) -Depth 3 | Set-Content -LiteralPath $ResultPath -Encoding utf8NoBOM
}

$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"Pester: $($result.PassedCount) passed, $failed failed, $($result.SkippedCount) skipped"
exit [int]($failed -gt 0)
