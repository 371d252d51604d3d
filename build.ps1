#requires -Version 7.6
<#
.SYNOPSIS
Builds, tests and packs HarvestTools.

.DESCRIPTION
Builds the solution, runs all tests (dotnet test: the engine, the program, and the cmdlets in a released PowerShell), and
packs two things into the output folder: the module as a folder that Publish-PSResource takes, and the program as a
package that 'dotnet tool install' takes. Without PowerShell, 'dotnet build' and 'dotnet test' do the first two.

With -Runtime it also packs the program with its own .NET runtime, one archive for each platform named, for machines that
have no .NET: harvest-<version>-<runtime>.zip for Windows, .tar.gz for all others, whose archive tools keep there what may
be run.

Both packages carry the licence and the icon, archives the licences of all that is in them. Links to the project and to the
icon on the web are written only when the project's home is given: a release names it once, and both packages have it.

.EXAMPLE
./build.ps1

Builds, tests and packs.

.EXAMPLE
./build.ps1 -Task Build, Pack -Configuration Release

Packs without running the tests.

.EXAMPLE
./build.ps1 -Task Build, Pack -ProjectUri https://git.example.org/team/harvest-tools

Packs with links to the project's home, and to the icon as it lies there.

.EXAMPLE
./build.ps1 -Task Pack -Runtime linux-x64, win-x64, osx-arm64

Packs for three platforms also the program that needs no .NET on the machine.
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

    # Platforms, by their .NET runtime identifiers, for which the program is packed with its own runtime.
    [ValidatePattern('^[a-z]+(\.[0-9]+)*(-[a-z0-9]+)+$', ErrorMessage = "'{0}' is no runtime identifier such as linux-x64.")]
    [string[]] $Runtime = @(),

    # The project's public home, which both packages link to.
    [ValidateScript({ $_.IsAbsoluteUri -and $_.Scheme -in 'http', 'https' }, ErrorMessage = "'{0}' is no address of the web.")]
    [uri] $ProjectUri,

    # Where the icon can be seen; without it, the file in the repository at -ProjectUri, as most hosts address it.
    [ValidateScript({ $_.IsAbsoluteUri -and $_.Scheme -in 'http', 'https' }, ErrorMessage = "'{0}' is no address of the web.")]
    [uri] $IconUri
)

# Writes a folder under a name into a .tar.gz in which only the programs may be run, whoever packs and on whatever system.
function Compress-Folder([string] $Path, [string] $Name, [string] $Destination, [string[]] $Programs) {
    $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::Create($Destination), [System.IO.Compression.CompressionLevel]::SmallestSize)
    $archive = [System.Formats.Tar.TarWriter]::new($stream, [System.Formats.Tar.TarEntryFormat]::Ustar)
    try {
        foreach ($file in Get-ChildItem -LiteralPath $Path -File -Recurse | Sort-Object FullName) {
            $inside = [System.IO.Path]::GetRelativePath($Path, $file.FullName).Replace('\', '/')
            $entry = [System.Formats.Tar.UstarTarEntry]::new([System.Formats.Tar.TarEntryType]::RegularFile, "$Name/$inside")
            $entry.Mode = $inside -in $Programs ? 0x1ED : 0x1A4 # rwxr-xr-x, rw-r--r--
            $entry.ModificationTime = $file.LastWriteTimeUtc
            $entry.DataStream = [System.IO.File]::OpenRead($file.FullName)
            try { $archive.WriteEntry($entry) } finally { $entry.DataStream.Dispose() }
        }
    } finally {
        # In this order: each writes its end into the next, and the last one closes the file.
        $archive.Dispose()
        $stream.Dispose()
    }
}

# Publishes the program with its own runtime for one platform and packs it; emits the archive.
function Export-Standalone([string] $Runtime, [string] $Version, [string] $Output) {
    $name = "harvest-$Version-$Runtime"
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) "$name-$PID"
    # The exit code is looked at here, with what was said.
    $PSNativeCommandUseErrorActionPreference = $false
    try {
        # Builds of its own: those of the checkout stay as they are.
        $program = Join-Path $folder $name
        $said = dotnet publish (Join-Path $PSScriptRoot 'src/HarvestTools.Cli') --configuration Release --runtime $Runtime --self-contained `
            --artifacts-path (Join-Path $folder 'artifacts') --output $program --nologo --verbosity quiet
        if ($LASTEXITCODE -ne 0) {
            # The package that is missing is named once, however many sources were asked for it.
            $missing = $said | Select-String 'NU110[0-3]|NETSDK1094' | ForEach-Object { $_.Line -replace '^.*?error ' -replace ' \[[^]]*\]$' } | Select-Object -Unique
            throw ($missing ?
                "Nothing was packed for ${Runtime}: its .NET runtime, or the compiler for it, cannot be had from the package sources in use.`n$($missing -join "`n")" :
                "Nothing was packed for ${Runtime}: publishing failed.`n$($said -join "`n")")
        }

        if ($Runtime -like 'win*') {
            $archive = Join-Path $Output "$name.zip"
            Compress-Archive -LiteralPath $program -DestinationPath $archive -CompressionLevel Optimal -Force
        } else {
            $archive = Join-Path $Output "$name.tar.gz"
            Compress-Folder -Path $program -Name $name -Destination $archive -Programs 'harvest', 'createdump'
        }

        Get-Item -LiteralPath $archive
    } finally {
        if (Test-Path -LiteralPath $folder) {
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$solution = Join-Path $PSScriptRoot 'HarvestTools.sln'
$output = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)

if ('Build' -in $Task) {
    dotnet build $solution --configuration $Configuration --nologo --verbosity minimal
}

if ('Test' -in $Task) {
    # The cmdlets' tests run in a PowerShell that restoring brought, not in this one.
    dotnet test $solution --configuration $Configuration --no-build --nologo
}

if ('Pack' -in $Task) {
    $manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $PSScriptRoot 'HarvestTools.psd1')
    $module = [System.IO.Path]::Combine($output, 'HarvestTools', $manifest.ModuleVersion)
    if (Test-Path -LiteralPath $module) {
        Remove-Item -LiteralPath $module -Recurse
    }

    $null = New-Item -ItemType Directory -Path $module
    foreach ($item in 'HarvestTools.psd1', 'LICENSE', 'README.md', 'src/HarvestTools.Cli/ThirdPartyNotices.txt', 'docs/assets/icon.png', 'lib', 'en-US') {
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

    foreach ($platform in $Runtime) {
        Export-Standalone -Runtime $platform -Version $manifest.ModuleVersion -Output $output
    }
}
