<#
.SYNOPSIS
Counts what runs how often in the program, for the compiler ahead of time.

.DESCRIPTION
Makes an export of each shape of labels, and a slice of each with a program whose runtime compiles everything itself and counts. Writes
src/HarvestTools.Cli/MethodCounts.txt, which publishing with a runtime of its own reads. Run it again when much of the engine has changed;
publishing warns when half of what was counted is not there any more.

.EXAMPLE
dotnet publish src/HarvestTools.Cli -c Release -r linux-x64 --self-contained -o out
dotnet pwsh tests/HarvestTools.Benchmarks/Count-Methods.ps1 -Program out/harvest
#>
param(
    # The published program.
    [Parameter(Mandatory)] [string] $Program,

    # How often the most frequent step of a method must have run.
    [int] $Least = 1000
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$root = Split-Path (Split-Path $PSScriptRoot)
$Program = (Resolve-Path $Program).Path
$folder = Join-Path ([IO.Path]::GetTempPath()) "harvest-counts-$PID"

# Nothing is taken from the image, and nothing is compiled a second time, so that everything that runs is counted.
$counting = @{
    DOTNET_ReadyToRun = '0'
    DOTNET_TieredCompilation = '1'
    DOTNET_TieredPGO = '1'
    DOTNET_TieredPGO_InstrumentOnlyHotCode = '0'
    DOTNET_TC_CallCountThreshold = '1000000000'
    DOTNET_OSR_HitLimit = '1000000000'
    DOTNET_TC_OnStackReplacement_InitialCounter = '1000000000'
    DOTNET_WritePGOData = '1'
}

try {
    $files = foreach ($shape in 'standard', 'one', 'two', 'crowds', 'videos', 'timelines', 'media', 'indented', 'texts', 'large') {
        # Of timelines each byte gives ten times the rows.
        $bytes = $shape -eq 'timelines' ? 2000000 : 20000000
        $exports = Join-Path $folder "exports-$shape"
        $repository = Join-Path $folder "repository-$shape"
        dotnet run -c Release --project $PSScriptRoot -- profile $shape $exports $bytes | Out-Null
        New-Item -ItemType Directory $repository | Out-Null
        Push-Location $repository
        try {
            git init --quiet
            & $Program init --quiet
            & $Program add --no-labels --project p --quiet (Get-ChildItem $exports).FullName
            $file = Join-Path $folder "$shape.txt"
            $counting.GetEnumerator() | ForEach-Object { Set-Item "env:$($_.Key)" $_.Value }
            $env:DOTNET_PGODataPath = $file
            & $Program new v1 --quiet --threads ($shape -eq 'two' ? 2 : 1)
            $file
        }
        finally {
            @($counting.Keys) + 'DOTNET_PGODataPath' | ForEach-Object { Remove-Item "env:$_" -ErrorAction Ignore }
            Pop-Location
        }
    }

    dotnet run -c Release --project (Join-Path $root 'src/HarvestTools.MethodProfile') -- count $Least (Join-Path $root 'src/HarvestTools.Cli/MethodCounts.txt') @files
}
finally {
    Remove-Item -Recurse -Force $folder -ErrorAction Ignore
}
