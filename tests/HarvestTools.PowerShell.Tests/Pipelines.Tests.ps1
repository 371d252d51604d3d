#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $repository = New-TestRepository "$TestDrive/pipelines"
    Push-Location $repository
    $null = New-Slice v1 -Reason 'the first'
    $null = New-TestExport exports/b2.json -Tasks 9 -FirstTask 100 -Shift 3 | Add-Export -Project b
    $null = New-Slice v2 -Reason 'the second'
    $null = Register-SliceModel v1 hand -Path s3://models/hand.pt -Metric @{ pck = 0.91 }
}
AfterAll { Pop-Location }

Describe 'A pipeline' {
    It 'builds and checks slices one by one' {
        $reports = Get-Slice | Build-Slice | Test-SliceDrift
        $reports.Version | Should -Be 'v1', 'v2'
        $reports.Status | Should -Be 'Clean', 'Clean'
    }

    It 'compares slices of any command with one: <Name>' -ForEach @(
        @{ Name = 'versions'; Source = { 'v1', 'v2' } }
        @{ Name = 'slices'; Source = { Get-Slice } }
        @{ Name = 'the history'; Source = { Get-SliceHistory | Sort-Object Version } }
        @{ Name = 'reports'; Source = { Test-SliceDrift -Quick } }
    ) {
        $compared = & $Source | Compare-Slice v1
        $compared.Difference | Should -Be 'v1', 'v2'
        $compared.Rows.Total | Should -Be 0, 9
    }

    It 'compares several slices given as an argument, and goes on after one that is not there' {
        $result = Invoke-Recorded { Compare-Slice v1 v0, v2 }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'SliceNotFound,HarvestTools.PowerShell.CompareSliceCommand'
        $result.Output.Difference | Should -Be 'v2'
        $rows = Invoke-Recorded { Compare-Slice v1 v0, v2 -Row }
        $rows.Errors.FullyQualifiedErrorId | Should -Be 'SliceNotFound,HarvestTools.PowerShell.CompareSliceCommand'
        $rows.Output.Count | Should -Be 9
    }

    It 'takes versions by wildcards' {
        (Compare-Slice v1 v*).Difference | Should -Be 'v1', 'v2'
        (Get-SliceSource v*).Version | Select-Object -Unique | Should -Be 'v1', 'v2'
        Compare-Slice v1 none* | Should -BeNullOrEmpty
    }

    It 'gives rows of the tables that are asked for' {
        @(Compare-Slice v1 v2 -Row -Table keypoints).Count | Should -Be 9
        Compare-Slice v1 v2 -Row -Table boxes, Actions | Should -BeNullOrEmpty
        (Build-Slice v1 -Table KeyPoints).Table | Should -Be 'keypoints', 'keypoints'
    }

    It 'groups rows by label' {
        (Compare-Slice v1 v2 -Row | Group-Object Label).Name | Should -Be 'wrist'
    }

    It 'traces the episodes of rows' {
        $sources = Compare-Slice v1 v2 -Row | Select-Object -First 1 | Get-SliceSource -Episode { $_.Episode }
        $sources.Version | Select-Object -Unique | Should -Be 'v1', 'v2'
        $sources.Episodes | Select-Object -Unique | Should -Be 1
    }

    It 'compares files and archived exports with one, and goes on after one that is not there' {
        $compared = Get-ChildItem exports/b*.json | Compare-Export exports/b1.json
        $compared.SameLabels | Should -Be $true, $false
        $archived = Get-Export b | Compare-Export exports/b1.json
        $archived.SameLabels | Should -Be $true, $false
        $result = Invoke-Recorded { Compare-Export exports/b1.json exports/none.json, exports/b2.json }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'PathNotFound,HarvestTools.PowerShell.CompareExportCommand'
        $result.Output.SameLabels | Should -BeFalse
        { Compare-Export exports/none.json exports/b2.json } | Should -Throw -ErrorId 'PathNotFound,HarvestTools.PowerShell.CompareExportCommand'
    }

    It 'hashes every export below a folder into a table' {
        Get-ChildItem exports -Recurse -Filter *.json | Get-ExportHash -Labels | Export-Csv "$TestDrive/hashes.csv"
        $rows = Import-Csv "$TestDrive/hashes.csv"
        $rows.Name | Should -Be 'a1.json', 'b1.json', 'b2.json'
        $rows.Tasks | Should -Be 3, 4, 9
        $rows[0].RegionTypes | Should -Be 'keypointlabels: 3'
    }

    It 'registers and pins by version or slice, and passes the slice on' {
        ('v1', 'v2' | Register-SliceModel -Name eye -Metric @{ auc = 0.5 }).Version | Should -Be 'v1', 'v2'
        $null = New-Item eval.txt -Value 'eval'
        $slices = Get-Slice | Lock-EvalSet eval.txt -PassThru | Register-SliceModel -Name ear -Path s3://models/ear.pt -PassThru
        $slices | Should -BeOfType ([HarvestTools.PowerShell.Slice])
        $slices.EvalSet | Should -Be 'eval.txt', 'eval.txt'
        $slices.Runs.Name | Should -Contain 'ear'
        $result = Invoke-Recorded { 'v0', 'v2' | Lock-EvalSet }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'SliceNotFound,HarvestTools.PowerShell.LockEvalSetCommand'
        $result.Output.Version | Should -Be 'v2'
    }

    It 'makes several repositories' {
        (Initialize-HarvestRepository "$TestDrive/one", NoSuchDrive:/x, "$TestDrive/two" -ErrorAction SilentlyContinue -ErrorVariable faults).Count | Should -Be 2
        $faults.FullyQualifiedErrorId | Should -Be 'PathUnresolved,HarvestTools.PowerShell.InitializeHarvestRepositoryCommand'
    }

    It 'stops at the first item that is wanted: <Name>' -ForEach @(
        @{ Name = 'slices'; Source = { Get-Slice | Select-Object -First 1 } }
        @{ Name = 'history'; Source = { Get-SliceHistory | Select-Object -First 1 } }
        @{ Name = 'rows'; Source = { Compare-Slice v1 v2 -Row | Select-Object -First 1 } }
        @{ Name = 'files'; Source = { Get-Slice | Build-Slice | Select-Object -First 1 } }
    ) {
        @(& $Source).Count | Should -Be 1
    }
}

Describe 'What is written on the side' {
    It 'is asked for: the history of decisions' {
        $null = Get-RetrainDecision -HistoryPath history.jsonl -WhatIf
        'history.jsonl' | Should -Not -Exist
        $null = Get-RetrainDecision -HistoryPath history.jsonl
        @(Get-Content history.jsonl).Count | Should -Be 1
        { Get-RetrainDecision -HistoryPath NoSuchDrive:/x } | Should -Throw -ErrorId 'PathUnresolved,HarvestTools.PowerShell.GetRetrainDecisionCommand'
    }

    It 'replaces a report unless it shall not' {
        $null = Export-SliceReport report.html
        (Export-SliceReport report.html).Path | Should -Be (Join-Path $repository report.html)
        { Export-SliceReport report.html -NoClobber } | Should -Throw -ErrorId 'ReportExists,HarvestTools.PowerShell.ExportSliceReportCommand'
    }

    BeforeAll { Set-Content eval.txt 'eval' }

    It 'is told with -Verbose: <Name>' -ForEach @(
        @{ Name = 'Register-SliceModel'; Script = { Register-SliceModel v1 eye -Verbose } }
        @{ Name = 'Lock-EvalSet'; Script = { Lock-EvalSet eval.txt -Verbose } }
        @{ Name = 'Export-SliceReport'; Script = { Export-SliceReport report.html -Verbose } }
        @{ Name = 'Build-Slice'; Script = { Build-Slice v1 -Verbose } }
        @{ Name = 'Test-SliceDrift'; Script = { Test-SliceDrift v1 -Quick -Verbose } }
    ) {
        $told = & $Script 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $told.Message | Where-Object { $_ -notlike 'Performing the operation*' -and $_ -notlike 'Using the repository*' } | Should -Not -BeNullOrEmpty
    }

    It 'is told with -Debug' {
        $told = Test-SliceDrift v1 -Quick -Debug 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] }
        $told.Message | Where-Object { $_ -match '^Test-SliceDrift: \d+ ms' } | Should -Not -BeNullOrEmpty
        $told.Message | Should -Contain 'Checking slice v1 by hashing and comparing definitions.'
    }
}

Describe 'WhatIf promises nothing that would fail' {
    BeforeAll {
        $folder = New-TestRepository "$TestDrive/whatif"
        Push-Location $folder
        $null = New-Slice v1
        Set-Content broken.json '{"detail":"Not found."}'
        $null = Register-SliceModel v1 hand -Metric @{ pck = 0.9 }
    }

    AfterAll {
        Pop-Location
    }

    It 'fails as the command itself: <Script>' -ForEach @(
        @{ Script = { Add-Export broken.json -Project b @switches } }
        @{ Script = { Add-Export nothing.json -Project b @switches } }
        @{ Script = { Add-Export exports/a1.json -Project other @switches } }
        @{ Script = { New-Slice v1 @switches } }
        @{ Script = { New-Slice v2 -Export zzz @switches } }
        @{ Script = { Register-SliceModel v9 hand @switches } }
        @{ Script = { Register-SliceModel v1 hand -Path nothing.pt @switches } }
        @{ Script = { Register-SliceModel v1 hand -Metric @{ pck = 0.8 } @switches } }
        @{ Script = { Lock-EvalSet nothing @switches } }
        @{ Script = { Build-Slice v9 @switches } }
        @{ Script = { Rename-HarvestProject none c @switches } }
        @{ Script = { Rename-HarvestProject a b @switches } }
        @{ Script = { Set-HarvestProject none -Retired @switches } }
        @{ Script = { Restore-Export 0123456789 @switches } }
        @{ Script = { Remove-Slice v9 @switches } }
    ) {
        $ids = foreach ($switches in @{ WhatIf = $true }, @{ Confirm = $false }) {
            $faults = (Invoke-Recorded { try { & $Script } catch { Write-Error -ErrorRecord $_ } }).Errors
            $faults.Count | Should -BeGreaterThan 0
            ($faults[0].FullyQualifiedErrorId -split ',')[0]
        }
        $ids[0] | Should -Be $ids[1]
    }
}
