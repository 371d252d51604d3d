#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    # Turkish has another lower case of I, Arabic another calendar and digits, Finnish another minus sign and time separator. The zones
    # change to and from daylight saving time at other dates, one of them by half an hour.
    $places = @(
        @{ Culture = 'tr-TR'; Zone = 'Europe/Istanbul' }
        @{ Culture = 'ar-SA'; Zone = 'Asia/Riyadh' }
        @{ Culture = 'fi-FI'; Zone = 'Europe/Helsinki' }
        @{ Culture = 'de-DE'; Zone = 'Australia/Lord_Howe' }
        @{ Culture = 'th-TH'; Zone = 'America/St_Johns' }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    # What a session gives of one and the same work: the slice's tables, the statuses, the decision and the order of the history.
    function Get-Outcome($Name) {
        $repository = New-TestRepository "$TestDrive/$Name"
        $slice = New-Slice v1 -Reason 'İIıi' -Repository $repository
        $null = Register-SliceModel v1 'hand-I' -Metric @{ pck = 0.875 } -TrainedAt '2026-03-29T02:30:00+02:00' -Repository $repository
        $null = New-Slice v10 -Repository $repository -WarningAction SilentlyContinue
        $null = New-Slice v2 -Repository $repository -WarningAction SilentlyContinue
        [pscustomobject]@{
            Outputs  = ($slice.Outputs | ForEach-Object { "$($_.Table) $($_.Sha256)" }) -join "`n"
            Statuses = (Test-SliceDrift -Repository $repository -WarningAction SilentlyContinue | ForEach-Object { "$($_.Version) $($_.Status)" }) -join "`n"
            Versions = (Get-Slice -Repository $repository).Version -join ' '
            Training = (Get-Content "$repository/slices/v1/slice.json" -Raw | ConvertFrom-Json -DateKind String).runs[0].trained_at
            Metric   = (Get-Content "$repository/slices/v1/slice.json" -Raw) -match '"pck": 0\.875'
            Decision = (Get-RetrainDecision -Repository $repository -AsMarkdown) -replace '\d{4}-\d\d-\d\d \d\d:\d\d', 'NOW'
            Archive  = (Test-ExportArchive -Repository $repository).Whole
        }
    }

    $expected = Get-Outcome 'expected'
}

Describe 'A session in <Culture> at <Zone>' -ForEach $places {
    BeforeAll {
        $before = [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture, $env:TZ
        [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $Culture
        $env:TZ = $Zone
        [TimeZoneInfo]::ClearCachedData()
        $outcome = Get-Outcome $Culture
    }
    AfterAll {
        [cultureinfo]::CurrentCulture = $before[0]
        [cultureinfo]::CurrentUICulture = $before[1]
        $env:TZ = $before[2]
        [TimeZoneInfo]::ClearCachedData()
    }

    It 'gives the same <Part>' -ForEach @(
        @{ Part = 'Outputs' }, @{ Part = 'Statuses' }, @{ Part = 'Versions' }, @{ Part = 'Training' }, @{ Part = 'Metric' }, @{ Part = 'Decision' }, @{ Part = 'Archive' }
    ) {
        $outcome.$Part | Should -Not -BeNullOrEmpty
        $outcome.$Part | Should -BeExactly $expected.$Part
    }
}
