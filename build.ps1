#requires -Version 7.6
<#
.SYNOPSIS
Builds, tests and packs HarvestTools.

.DESCRIPTION
Builds the solution, runs the tests of the engine and the program (dotnet test) and those of the cmdlets (Pester), and
packs two things into the output folder: the module as a folder that Publish-PSResource takes, and the program as a
package that 'dotnet tool install' takes. Without PowerShell, 'dotnet build' and 'dotnet test' do the first two.

Both packages carry the licence and the icon. Links to the project and to the icon on the web are written only when the
project's home is given: a release names it once, and both packages have it.

.EXAMPLE
./build.ps1

Builds, tests and packs.

.EXAMPLE
./build.ps1 -Task Build, Pack -Configuration Release

Packs without running the tests.

.EXAMPLE
./build.ps1 -Task Build, Pack -ProjectUri https://git.example.org/team/harvest-tools

Packs with links to the project's home, and to the icon as it lies there.
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
    [string] $OutputPath = (Join-Path $PSScriptRoot 'out'),

    # The project's public home, which both packages link to.
    [ValidateScript({ $_.IsAbsoluteUri -and $_.Scheme -in 'http', 'https' }, ErrorMessage = "'{0}' is no address of the web.")]
    [uri] $ProjectUri,

    # Where the icon can be seen; without it, the file in the repository at -ProjectUri, as most hosts address it.
    [ValidateScript({ $_.IsAbsoluteUri -and $_.Scheme -in 'http', 'https' }, ErrorMessage = "'{0}' is no address of the web.")]
    [uri] $IconUri
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
    foreach ($item in 'HarvestTools.psd1', 'LICENSE', 'README.md', 'docs/assets/icon.png', 'lib', 'en-US') {
        Copy-Item -LiteralPath (Join-Path $PSScriptRoot $item) -Destination $module -Recurse
    }

    if ($ProjectUri -and -not $IconUri) {
        $IconUri = "$($ProjectUri.AbsoluteUri.TrimEnd('/'))/raw/HEAD/docs/assets/icon.png"
    }

    # Written into the text after the link to the licence, since the manifest has no other writer that keeps its form.
    $links = foreach ($name in 'ProjectUri', 'IconUri') {
        $uri = Get-Variable -Name $name -ValueOnly
        if ($uri) {
            "            {0,-12} = '{1}'" -f $name, $uri.AbsoluteUri.Replace("'", "''")
        }
    }

    $packed = Join-Path $module 'HarvestTools.psd1'
    $lines = foreach ($line in Get-Content -LiteralPath $packed) {
        $line
        if ($line -match '^ +LicenseUri +=') {
            $links
        }
    }

    Set-Content -LiteralPath $packed -Value $lines -Encoding utf8NoBOM
    $null = Test-ModuleManifest -Path $packed -WarningAction Stop
    Get-Item -LiteralPath $module

    $options = @('--configuration', $Configuration, '--output', $output, '--nologo', '--verbosity', 'quiet')
    if ($ProjectUri) {
        # What MSBuild would take for its own signs.
        $value = $ProjectUri.AbsoluteUri.Replace('%', '%25').Replace(';', '%3B').Replace(',', '%2C')
        $options += "-p:PackageProjectUrl=$value", "-p:RepositoryUrl=$value"
    }

    dotnet pack (Join-Path $PSScriptRoot 'src/HarvestTools.Cli') @options
    Get-ChildItem -LiteralPath $output -Filter *.nupkg
}
