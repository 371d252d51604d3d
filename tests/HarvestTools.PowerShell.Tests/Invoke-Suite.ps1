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
    [string] $Verbosity = 'Normal'
)

# Scripts of users are strict; views and types of the module have scripts too, and run under the caller's mode.
Set-StrictMode -Version Latest
Import-Module Pester -MinimumVersion 5.0 -ErrorAction Stop
$settings = New-PesterConfiguration
$settings.Run.Path = @(Get-ChildItem -LiteralPath $PSScriptRoot -Filter "$Name.Tests.ps1" | ForEach-Object FullName)
$settings.Run.PassThru = $true
$settings.Filter.FullName = $Test
$settings.Output.Verbosity = $Verbosity
$settings.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $settings
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"Pester: $($result.PassedCount) passed, $failed failed, $($result.SkippedCount) skipped"
exit [int]($failed -gt 0)
