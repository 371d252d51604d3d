#requires -Version 7.6
<#
.SYNOPSIS
Builds, tests and packs HarvestTools.

.DESCRIPTION
Builds the solution, runs the tests of the engine and the program (dotnet test) and those of the cmdlets (Pester), and
packs two things into the output folder: the module as a folder that Publish-PSResource takes, and the program as a
package that 'dotnet tool install' takes. Without PowerShell, 'dotnet build' and 'dotnet test' do the first two.

.EXAMPLE
./build.ps1

Builds, tests and packs.

.EXAMPLE
./build.ps1 -Task Build, Pack -Configuration Release

Packs without running the tests.
#>
[CmdletBinding()]
param(
    # What to do, in this order whatever order is given: Build, Test, Pack.
    [ValidateSet('Build', 'Test', 'Pack')]
    [string[]] $Task = @('Build', 'Test', 'Pack'),

    # Release is what is packed for others; Debug builds faster.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Where the packages go.
    [string] $OutputPath = (Join-Path $PSScriptRoot 'out')
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$solution = Join-Path $PSScriptRoot 'HarvestTools.sln'
$output = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)

if ('Build' -in $Task) {
    dotnet build $solution --configuration $Configuration --nologo --verbosity minimal
}

if ('Test' -in $Task) {
    dotnet test $solution --configuration $Configuration --no-build --nologo
    # In a process of its own, so that the module under test is the one just built.
    pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'tests/HarvestTools.PowerShell.Tests/Invoke-Suite.ps1')
}

if ('Pack' -in $Task) {
    $manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $PSScriptRoot 'HarvestTools.psd1')
    $module = [System.IO.Path]::Combine($output, 'HarvestTools', $manifest.ModuleVersion)
    if (Test-Path -LiteralPath $module) {
        Remove-Item -LiteralPath $module -Recurse
    }

    $null = New-Item -ItemType Directory -Path $module
    foreach ($item in 'HarvestTools.psd1', 'LICENSE', 'README.md', 'lib', 'en-US') {
        Copy-Item -LiteralPath (Join-Path $PSScriptRoot $item) -Destination $module -Recurse
    }

    $null = Test-ModuleManifest -Path (Join-Path $module 'HarvestTools.psd1')
    Get-Item -LiteralPath $module

    dotnet pack (Join-Path $PSScriptRoot 'src/HarvestTools.Cli') --configuration $Configuration --output $output --nologo --verbosity quiet
    Get-ChildItem -LiteralPath $output -Filter *.nupkg
}
