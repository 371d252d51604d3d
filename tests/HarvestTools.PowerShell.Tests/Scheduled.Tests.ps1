#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The script for schedulers, in a process of its own as a scheduler starts it, on the demonstration's repository.

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $root = Get-ProjectRoot
    $script = "$root/docs/scheduled/Update-TrainingSlice.ps1"

    # Where Import-Module HarvestTools finds the module of this checkout.
    # Outside of TestDrive: Pester empties that of whatever came about in it, through links too.
    $modules = New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "harvest-modules-$([guid]::NewGuid())")
    $null = New-Item -ItemType $($IsWindows ? 'Junction' : 'SymbolicLink') -Path "$modules/HarvestTools" -Target $root
    $modulePath = $env:PSModulePath
    $env:PSModulePath = "$modules" + [System.IO.Path]::PathSeparator + $modulePath

    $demo = "$TestDrive/demo"
    # The program of the same build makes the demonstration; the module has no samples in it.
    $program = $env:HARVEST_PROGRAM ? $env:HARVEST_PROGRAM : (Get-ChildItem "$root/src/HarvestTools.Cli/bin/*/*/harvest.dll" | Sort-Object LastWriteTime | Select-Object -Last 1 -ExpandProperty FullName)
    $null = dotnet $program demo $demo --quiet
    $LASTEXITCODE | Should -Be 0
    # The demonstration ends with a rule changed under an old version and a file exported over: both put right.
    $settings = Get-Content "$demo/harvest.json" -Raw
    $settings.Replace('"version": "v1.0.0"', '"version": "v1.1.0"') | Set-Content "$demo/harvest.json" -NoNewline
    $null = New-Item -ItemType Directory "$TestDrive/night/b"
    # A later night of the same project, in which one annotation was cancelled.
    $later = (Get-Content "$demo/label_studio/week_04/project_b_handobj.json" -Raw).Replace('2026-05-04T', '2026-05-30T')
    [regex]::new('"was_cancelled":\s*false').Replace($later, '"was_cancelled":true', 1) | Set-Content "$TestDrive/night/b/2026-05-30.json" -NoNewline
    Remove-Item "$demo/label_studio/week_03/project_b_handobj.json"

    function Invoke-Night([string] $Folder = 'night') {
        $lines = pwsh -NoProfile -NonInteractive -File $script "$TestDrive/$Folder" -Repository $demo -SummaryPath "$TestDrive/summary.md" 2>&1
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = $lines -join "`n"; Summary = Get-Content "$TestDrive/summary.md" -Raw }
    }
}
AfterAll {
    $env:PSModulePath = $modulePath

    # The link first, and not what it leads to.
    [System.IO.Directory]::Delete("$modules/HarvestTools")
    [System.IO.Directory]::Delete($modules)
}

Describe 'The script for schedulers' {
    It 'cuts a slice of changed labels, and the second time none' {
        $first = Invoke-Night
        $first.ExitCode | Should -Be 0 -Because $first.Text
        $first.Text | Should -Match 'Cut v5: labels changed in b\.'
        $first.Summary | Should -Match '(?s)## Exports.*## Slice.*Cut v5.*## Check.*- v5: Clean.*## Retraining.*\| Gate \|'

        $second = Invoke-Night
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'archived already'
        $second.Text | Should -Match 'The newest slice has the labels of the newest exports: nothing was cut\.'
        (Get-Slice -Repository $demo).Version | Should -Be 'v1', 'v2', 'v3', 'v4', 'v5'
    }

    It 'cuts one slice where two run at once, and both end well' {
        $null = New-Item -ItemType Directory "$TestDrive/two/b"
        $latest = (Get-Content "$TestDrive/night/b/2026-05-30.json" -Raw).Replace('2026-05-30T', '2026-06-01T')
        [regex]::new('"was_cancelled":\s*false').Replace($latest, '"was_cancelled":true', 1) | Set-Content "$TestDrive/two/b/2026-06-01.json" -NoNewline
        $null = New-Item -ItemType Directory "$demo/slices/v6"
        $both = foreach ($name in 'one', 'other') {
            Start-Process pwsh -PassThru -RedirectStandardOutput "$TestDrive/$name.out" -RedirectStandardError "$TestDrive/$name.err" -ArgumentList @(
                '-NoProfile', '-NonInteractive', '-File', "`"$script`"", "`"$TestDrive/two`"", '-Repository', "`"$demo`"", '-SummaryPath', "`"$TestDrive/$name.md`"")
        }
        $both | ForEach-Object { $_.WaitForExit(240000) | Should -BeTrue }
        $both.ExitCode | Should -Be 0, 0
        $summaries = Get-Content "$TestDrive/one.md" -Raw; $summaries += Get-Content "$TestDrive/other.md" -Raw
        ([regex]::Matches($summaries, 'Cut v7: labels changed in b\.')).Count | Should -Be 1
        $summaries | Should -Match 'v6 is taken by the folder slices/v6'
        $summaries | Should -Not -Match 'SliceExists'
        (Get-Slice -Repository $demo).Version | Should -Be 'v1', 'v2', 'v3', 'v4', 'v5', 'v7'
    }

    It 'cuts a slice of a file that has the same name every night, and the second time none' {
        $file = "$TestDrive/two/b/2026-06-01.json"
        $text = (Get-Content $file -Raw).Replace('2026-06-01T', '2026-06-03T')
        [regex]::new('"was_cancelled":\s*false').Replace($text, '"was_cancelled":true', 1) | Set-Content $file -NoNewline
        (Invoke-Night two).Text | Should -Match 'Cut v8: labels changed in b\.'
        $second = Invoke-Night two
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'nothing was cut'
    }

    It 'cuts nothing from half a night' {
        $null = New-Item -ItemType Directory "$TestDrive/broken/b"
        Set-Content "$TestDrive/broken/b/half.json" '[{"id":1,"annotations":['
        $run = Invoke-Night broken
        $run.ExitCode | Should -Be 3 -Because $run.Text
        $run.Summary | Should -Match 'No slice was cut'
        $run.Summary | Should -Match '\*\*Export'
        (Invoke-Night broken).ExitCode | Should -Be 3
    }

    It 'tells drift by its exit code' {
        (Get-Content "$demo/harvest.json" -Raw).Replace('"boundary_weight": 0.5', '"boundary_weight": 0.25').Replace('"v1.1.0"', '"v1.0.0"') |
            Set-Content "$demo/harvest.json" -NoNewline
        $run = Invoke-Night
        $run.ExitCode | Should -Be 1 -Because $run.Text
        $found = $run.Summary -split "`n" -match 'HarvestRedefined'
        $found[0] | Should -Match 'Set harvest\.version'
        $found | Select-Object -Skip 1 | Should -Be (@('  - HarvestRedefined: harvest@v1.0.0, as reported under v1.') * ($found.Count - 1))
        $found.Count | Should -BeGreaterThan 2
    }

    It 'is joined by one for builds, which tells what slices share once too' {
        $lines = pwsh -NoProfile -NonInteractive -WorkingDirectory $demo -File "$root/docs/ci/check.ps1"
        $LASTEXITCODE | Should -Be 1
        @($lines -match 'harvest.json now defines').Count | Should -Be 1
        @($lines -match 'HarvestRedefined: harvest@v1\.0\.0, as reported under v1\.').Count | Should -BeGreaterThan 1
    }

    It 'leaves a summary also where the quick step fails or nothing can be checked' {
        $summary = "$TestDrive/summary.md"
        $null = pwsh -NoProfile -NonInteractive -WorkingDirectory $demo -File "$root/docs/ci/check.ps1" -Summary $summary
        $LASTEXITCODE | Should -Be 1
        $text = Get-Content $summary -Raw
        $text | Should -Match '### Definitions and hashes'
        $text | Should -Match 'harvest.json now defines'
        $text | Should -Not -Match 'derived again'
        Remove-Item $summary
        $null = New-Item -ItemType Directory "$TestDrive/nothing"
        $null = pwsh -NoProfile -NonInteractive -WorkingDirectory "$TestDrive/nothing" -File "$root/docs/ci/check.ps1" -Summary $summary 2>&1
        $LASTEXITCODE | Should -Not -Be 0
        Get-Content $summary -Raw | Should -Match 'There is no harvest.json'
    }
}
