#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    # One script for each kind of object that a cmdlet emits, and for those that hang on them.
    $sources = @(
        @{ Type = 'hashes'; Source = { Get-ExportHash exports/*.json } }
        @{ Type = 'hashes with labels'; Source = { Get-ExportHash exports/*.json -Labels } }
        @{ Type = 'added exports'; Source = { 1, 2 | ForEach-Object { New-TestExport "exports/long$_.json" -ProjectId 99 -Tasks ($_ + 2) -FirstTask 9000 } | Add-Export -Project a-project-with-a-rather-long-name } }
        @{ Type = 'archived exports'; Source = { Get-Export } }
        @{ Type = 'projects'; Source = { Get-HarvestProject } }
        @{ Type = 'restored exports'; Source = { Get-Export b | Restore-Export } }
        @{ Type = 'packed exports'; Source = { Compress-ExportArchive; $null = Expand-ExportArchive } }
        @{ Type = 'a removed slice'; Source = { $null = New-Slice v8 -NoBuild; Remove-Slice v8 -Confirm:$false } }
        @{ Type = 'compared exports'; Source = { Compare-Export exports/b1.json exports/b2.json } }
        @{ Type = 'tasks'; Source = { Compare-Export exports/b1.json exports/b2.json -Task } }
        @{ Type = 'the archive'; Source = { Test-ExportArchive } }
        @{ Type = 'findings of the archive'; Source = { (Test-ExportArchive).Findings } }
        @{ Type = 'what is taken of the disk'; Source = { Measure-ExportArchive } }
        @{ Type = 'what a project takes of the disk'; Source = { (Measure-ExportArchive).Projects } }
        @{ Type = 'what nothing needs'; Source = { Remove-UnreachableObject -WhatIf -WarningAction Ignore } }
        @{ Type = 'objects with what needs them'; Source = { (Remove-UnreachableObject -WhatIf -WarningAction Ignore).Objects } }
        @{ Type = 'slices'; Source = { Get-Slice } }
        @{ Type = 'exports of a slice'; Source = { (Get-Slice v2).Exports } }
        @{ Type = 'outputs of a slice'; Source = { (Get-Slice v2).Outputs } }
        @{ Type = 'runs of a slice'; Source = { (Get-Slice v1).Runs } }
        @{ Type = 'tables'; Source = { Build-Slice } }
        @{ Type = 'a tally'; Source = { Build-Slice v2 -Tally } }
        @{ Type = 'drift reports'; Source = { Test-SliceDrift } }
        @{ Type = 'drift findings'; Source = { (Test-SliceDrift v1).Findings } }
        @{ Type = 'compared slices'; Source = { Compare-Slice v1 v2 } }
        @{ Type = 'replaced exports'; Source = { (Compare-Slice v1 v2).Exports } }
        @{ Type = 'counts of rows'; Source = { (Compare-Slice v1 v2).Rows.ByLabel } }
        @{ Type = 'rows'; Source = { Compare-Slice v1 v2 -Row } }
        @{ Type = 'impact'; Source = { Measure-HarvestImpact -FilterOverride @{ min_pixel_agreement = 1 } } }
        @{ Type = 'the history'; Source = { Get-SliceHistory } }
        @{ Type = 'sources'; Source = { Get-SliceSource v2 } }
        @{ Type = 'traced rows'; Source = { Get-SliceSource v2 -Row | Select-Object -First 5 } }
        @{ Type = 'blamed rows'; Source = { Get-SliceSource v2 -Row | Select-Object -First 2 | Get-SliceBlame } }
        @{ Type = 'what brought a row'; Source = { (Get-SliceSource v2 -Row | Select-Object -First 1 | Get-SliceBlame).First } }
        @{ Type = 'what an erasure touches'; Source = { Get-ErasurePlan -Annotator 1 } }
        @{ Type = 'exports of an erasure'; Source = { (Get-ErasurePlan -Annotator 1).Exports } }
        @{ Type = 'slices of an erasure'; Source = { (Get-ErasurePlan -Annotator 1).Slices } }
        @{ Type = 'a proof of an erasure'; Source = { Test-Erasure -Annotator 1 } }
        @{ Type = 'traces of what is erased'; Source = { (Test-Erasure -Annotator 1).Traces | Select-Object -First 5 } }
        @{ Type = 'models'; Source = { Register-SliceModel v1 hand -Metric @{ pck = 0.91 } } }
        @{ Type = 'listed models'; Source = { Get-SliceModel } }
        @{ Type = 'pins'; Source = { Test-SlicePin v9 } }
        @{ Type = 'parameters of a slice'; Source = { Get-SliceParameter v9 } }
        @{ Type = 'compared models'; Source = { Compare-SliceModel pck } }
        @{ Type = 'a regression'; Source = { Find-SliceRegression pck } }
        @{ Type = 'a report'; Source = { Export-SliceReport report.html } }
        @{ Type = 'a state'; Source = { Get-RetrainState } }
        @{ Type = 'a decision'; Source = { Get-RetrainDecision } }
        @{ Type = 'gates'; Source = { (Get-RetrainDecision).Gates } }
        @{ Type = 'an eval set'; Source = { Lock-EvalSet eval.txt } }
        @{ Type = 'a repository'; Source = { Initialize-HarvestRepository "$TestDrive/$([guid]::NewGuid().ToString('N'))" } }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $repository = New-TestRepository "$TestDrive/views"
    Push-Location $repository
    $null = New-Slice v1 -Reason 'the first: 日本語の理由 and words that go on for so long that they do not fit into eighty columns'
    $null = New-TestExport exports/b2.json -Tasks 9 -FirstTask 100 -Shift 3 | Add-Export -Project b
    $null = New-Slice v2
    $null = New-Slice v3 -Parent v1 -NoBuild
    $null = Register-SliceModel v1 hand -Path s3://models/hand.pt -Metric @{ pck = 0.91 }
    $null = Register-SliceModel v2 hand -Path s3://models/hand.pt -Metric @{ pck = 0.87 }
    $null = New-TestExport exports/a1.json -Shift 7
    Set-Content eval.txt 'eval'
    Set-Content params.json '{ "train": { "lr": 0.001 } }'
    $null = New-Slice v9 -PinParameter params.json:train -PinFile eval.txt -Seed @{ python = 7 } -NoBuild
    Set-Content .harvest/archive/sha256/notes.txt 'no object'

    function Show-Text([object[]] $Object, [scriptblock] $Format, [string] $Rendering, [int] $Width) {
        $before = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = $Rendering
        try {
            ($Object | & $Format | Out-String -Width $Width).TrimEnd() -split '\r?\n'
        } finally {
            $PSStyle.OutputRendering = $before
        }
    }
}
AfterAll { Pop-Location }

Describe 'The views of <Type>' -ForEach $sources {
    BeforeAll { $objects = @(& $Source) }

    It 'have something to show' {
        $objects.Count | Should -BeGreaterThan 0
    }

    It 'show no name of a type, no text of a program and nothing beside the window, as <Name>' -ForEach @(
        @{ Name = 'usual'; Format = { $input } }
        @{ Name = 'table'; Format = { $input | Format-Table } }
        @{ Name = 'list'; Format = { $input | Format-List } }
        @{ Name = 'wide'; Format = { $input | Format-Wide } }
    ) {
        foreach ($width in 80, 160) {
            $lines = Show-Text -Object $objects -Format $Format -Rendering PlainText -Width $width
            $lines -join '' | Should -Not -BeNullOrEmpty
            $lines | Where-Object { $_ -cmatch 'HarvestTools\.|System\.|`\d\[|\w+ \{ \w+ = ' } | Should -BeNullOrEmpty
            $lines | Where-Object { $_.Contains([char] 27) } | Should -BeNullOrEmpty
            $lines | Where-Object { [HarvestTools.PowerShell.TextWrap]::CellsOf($_) -gt $width } | Should -BeNullOrEmpty
        }
    }

    It 'show the same with colours, and end each of them' {
        $plain = Show-Text -Object $objects -Format { $input } -Rendering PlainText -Width 80
        $colored = Show-Text -Object $objects -Format { $input } -Rendering Ansi -Width 80
        $without = $colored | ForEach-Object { [regex]::Replace($_, '\e\[[0-9;]*m', '').TrimEnd() }
        $without -join "`n" | Should -Be (($plain | ForEach-Object TrimEnd) -join "`n")
        ([regex]::Matches($colored -join "`n", '\e\[[0-9;]*m') | Select-Object -Last 1 | ForEach-Object Value) | Should -BeIn $null, "`e[0m"
    }
}

Describe 'Views' {
    It 'show nothing for nothing' {
        Get-Slice nothing* | Out-String | Should -BeNullOrEmpty
    }

    It 'go on behind the branch lines where a reason is long' {
        $lines = (Get-SliceHistory | Out-String -Width 80) -split '\r?\n'
        $lines | Where-Object { $_ -match 'eighty columns' } | Should -Match '^ {4}'
    }

    It 'show hashes short and sizes for people' {
        $text = Get-Export | Out-String -Width 80
        $text | Should -Match '(?m)^a +[0-9a-f]{12} +\d[\d.]* K?B '
        $text | Should -Not -Match '[0-9a-f]{13}'
    }

    It 'keep table and label of a count apart' {
        $text = (Compare-Slice v1 v2).Rows.ByLabel | Out-String -Width 80
        $text | Should -Match '(?m)^keypoints \w'
    }

    It 'have a folder for each table' {
        $tables = Build-Slice v1 -Table keypoints
        $tables.Folder | Select-Object -Unique | Split-Path -Leaf | Should -Be 'keypoints'
    }
}
