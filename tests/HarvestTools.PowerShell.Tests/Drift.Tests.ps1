#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    function Get-ObjectPath($Repository, $Sha256) { "$Repository/.harvest/archive/sha256/$($Sha256.Substring(0, 2))/$Sha256" }
    function Remove-ReadOnly($Path) { Set-ItemProperty -LiteralPath $Path -Name IsReadOnly -Value $false }
}

Describe 'Test-SliceDrift' {
    BeforeEach {
        $repository = New-TestRepository "$TestDrive/$([guid]::NewGuid())"
        $slice = New-Slice v1 -Repository $repository
        Push-Location $repository
    }
    AfterEach { Pop-Location }

    It 'finds an untouched slice clean, also quickly' {
        $report = Test-SliceDrift v1
        $report.Status | Should -Be 'Clean'
        $report.Findings.Count | Should -Be 0
        $report.Quick | Should -BeFalse
        (Test-SliceDrift v1 -Quick).Status | Should -Be 'Clean'
        (Test-SliceDrift v1 -Quick).Quick | Should -BeTrue
    }

    It 'tells labels that changed at the recorded path' {
        $null = New-TestExport exports/a1.json -Shift 2
        $report = Test-SliceDrift v1
        $report.Status | Should -Be 'Drifted'
        $report.Kinds | Should -Be 'ExportRewritten'
        $report.Findings[0].Severity | Should -Be 'Error'
        $report.Findings[0].Remedy | Should -Not -BeNullOrEmpty
    }

    It 'knows a file of another project before it is archived, and what it advises works' {
        $null = New-TestExport exports/b2.json -Tasks 5 -FirstTask 100
        Copy-Item exports/b2.json exports/a1.json -Force
        $finding = (Test-SliceDrift v1).Findings[0]
        $finding.Message | Should -BeLike '*It is an export of project b that is not archived*'
        $finding.Remedy | Should -BeLike "Move the file to a path of its own and archive it there with 'Add-Export FILE -Project b'; then put the export that the slice used back with 'Restore-Export a-* -Force'."
        $added = Add-Export exports/a1.json -WarningVariable warnings -WarningAction SilentlyContinue
        $added.Project | Should -Be 'b'
        $added.Notices.Id | Should -Be 'PathOfOtherProject'
        "$warnings" | Should -BeLike '*exports/a1.json is the recorded path of project a*Restore-Export a-*'
        Add-Export exports/b2.json -Project b -WarningVariable none | ForEach-Object Path | Should -Be 'exports/b2.json'
        $none | Should -BeNullOrEmpty
        $null = Invoke-Expression ([regex]::Match($finding.Remedy, 'Restore-Export [^'']+').Value)
        (Test-SliceDrift v1).Status | Should -Be 'Clean'
    }

    It 'notes once a later archived export at the recorded path, after which nothing has drifted' {
        $null = New-Slice v2
        $file = New-TestExport exports/a1.json -Shift 2
        (Test-SliceDrift v1).Kinds | Should -Be 'ExportRewritten'
        Invoke-Expression (Test-SliceDrift v1).Findings[0].Command | Out-Null
        $reports = @(Test-SliceDrift)
        $reports.Status | Should -Be 'Clean', 'Clean'
        $reports.Kinds | Should -Be 'ExportSucceeded', 'ExportSucceeded'
        $reports[0].Findings[0].Severity | Should -Be 'Note'
        $reports[0].Findings[0].Cause | Should -Be 'Data'
        $reports[0].Findings[0].Slices | Should -Be 'v1', 'v2'
        $reports[0].Findings[0].ReportedUnder | Should -BeNullOrEmpty
        $reports[1].Findings[0].ReportedUnder | Should -Be 'v1'
        $text = $reports | Out-String
        ([regex]::Matches($text, 'is a later export')).Count | Should -Be 1
        (Test-SliceDrift -Quick).Kinds | Should -Be 'ExportSucceeded', 'ExportSucceeded'
        @(Get-Slice | Test-SliceDrift -Quick)[1].Findings[0].ReportedUnder | Should -Be 'v1'
    }

    It 'cannot verify anything without archive and exports, and says so once' {
        $null = New-Slice v2
        Get-ChildItem .harvest -Recurse -File -Force | ForEach-Object { Remove-ReadOnly $_.FullName }
        Remove-Item .harvest, exports -Recurse -Force
        $reports = @(Test-SliceDrift -Quick)
        $reports.Status | Should -Be 'Unverifiable', 'Unverifiable'
        $reports.Kinds | Should -Be 'StoreAbsent', 'StoreAbsent'
        ([regex]::Matches(($reports | Out-String), 'has no archive')).Count | Should -Be 1
        Test-SliceDrift -Quiet | Should -BeFalse
        Test-SliceDrift -Quiet -AllowUnverified | Should -BeTrue
    }

    It 'tells bytes that changed without a label' {
        $null = New-TestExport exports/a1.json -Ago '3 days'
        $report = Test-SliceDrift v1
        $report.Kinds | Should -Be 'ExportRewritten'
        $report.Findings[0].Severity | Should -Be 'Warning'
        $report.Status | Should -Be 'Clean'
    }

    It 'tells a damaged export from a missing one' {
        $path = Get-ObjectPath $repository $slice.Exports[0].Sha256
        Remove-ReadOnly $path
        [System.IO.File]::AppendAllText($path, ' ')
        (Test-SliceDrift v1).Kinds | Should -Contain 'ExportDamaged'
        Remove-Item -LiteralPath $path -Force
        Remove-Item exports/a1.json
        (Test-SliceDrift v1).Kinds | Should -Contain 'ExportMissing'
    }

    It 'tells a rule that was changed without a new version' {
        (Get-Content harvest.json -Raw) -replace '"min_pixel_agreement": 5', '"min_pixel_agreement": 6' | Set-Content harvest.json -NoNewline
        (Test-SliceDrift v1).Kinds | Should -Contain 'HarvestRedefined'
    }

    It 'tells damage in the cache, which building remedies' {
        $table = Build-Slice v1 | Where-Object Rows | Select-Object -First 1
        Remove-ReadOnly $table.Path
        [System.IO.File]::AppendAllText($table.Path, ' ')
        (Test-SliceDrift v1).Kinds | Should -Be 'CacheDamaged'
        $null = Build-Slice v1
        (Test-SliceDrift v1).Status | Should -Be 'Clean'
    }

    It 'tells rows that are no longer derived' {
        $text = Get-Content slices/v1/slice.json -Raw
        $output = $slice.Outputs | Where-Object Rows | Select-Object -First 1
        $text.Replace($output.RowsSha256, '0' * 64).Replace($output.Sha256, '1' * 64) | Set-Content slices/v1/slice.json -NoNewline
        $report = Test-SliceDrift v1
        $report.Kinds | Should -Contain 'DerivationChanged'
        $report.Status | Should -Be 'Drifted'
    }

    It 'cannot verify what recorded nothing' {
        $null = New-Slice v2 -NoBuild
        $report = Test-SliceDrift v2
        $report.Status | Should -Be 'Unverifiable'
        $report.Kinds | Should -Be 'NothingRecorded'
    }

    It 'gives one answer for all slices with -Quiet' {
        $null = New-Slice v2
        Test-SliceDrift -Quiet | Should -BeTrue
        $null = New-TestExport exports/a1.json -Shift 2
        $answer = @(Test-SliceDrift -Quick -Quiet)
        $answer.Count | Should -Be 1
        $answer[0] | Should -BeFalse
    }

    It 'answers no with -Quiet where a slice cannot be read' {
        $null = New-Item -ItemType Directory slices/v3
        Set-Content slices/v3/slice.json '{'
        Test-SliceDrift -Quick -Quiet -ErrorAction SilentlyContinue | Should -BeFalse
    }

    It 'finds a slice.json that says what cannot be' {
        $text = Get-Content slices/v1/slice.json -Raw
        $text.Replace('"table": "keypoints"', '"table": "keypointz"') | Set-Content slices/v1/slice.json -NoNewline
        $report = Test-SliceDrift v1 -Quick
        $report.Status | Should -Be 'Drifted'
        $report.Findings.Kind | Should -Contain 'RecordDamaged'
        ($report.Findings | Where-Object Kind -EQ RecordDamaged)[0].Remedy | Should -BeLike '*git checkout*'
    }

    It 'changes nothing' {
        $null = New-TestExport exports/a1.json -Shift 2
        $before = Get-FolderState $repository
        $null = Test-SliceDrift
        Get-FolderState $repository | Should -Be $before
    }

    It 'believes with -Quick what an earlier run hashed, <name>, unless -Rehash is given' -ForEach @(
        @{ Name = 'named'; Check = { param($Options) Test-SliceDrift @Options } }
        @{ Name = 'from a pipeline'; Check = { param($Options) Get-Slice | Test-SliceDrift @Options } }
    ) {
        $list = '.harvest/cache/stat-cache.txt'
        $lines = (Get-Content $list -Raw) -replace '^.*\n' -replace '(?m)^[0-9a-f]{64} (?=.*keypoints)', ('f' * 64 + ' ')
        $digest = [convert]::ToHexStringLower([System.Security.Cryptography.SHA256]::HashData([System.Text.Encoding]::UTF8.GetBytes($lines)))
        Set-Content $list "harvest-stat-cache 2 $digest`n$lines" -NoNewline
        (& $Check @{ Quick = $true }).Kinds | Should -Be 'CacheDamaged'
        (& $Check @{}).Status | Should -Be 'Clean'
        (& $Check @{ Quick = $true; Rehash = $true }).Status | Should -Be 'Clean'
        (& $Check @{ Quick = $true }).Status | Should -Be 'Clean'
    }

    It 'finds what is not clean in a pipeline' {
        $null = New-Slice v2 -Export b
        $null = New-TestExport exports/a1.json -Shift 2
        Get-Slice | Test-SliceDrift | Where-Object Status -NE Clean | ForEach-Object Version | Should -Be 'v1'
    }
}
