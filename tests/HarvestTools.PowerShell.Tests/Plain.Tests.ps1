#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    # Whatever a cmdlet emits of a repository whose labels, episodes, reasons, models and file names steer terminals.
    $sources = @(
        @{ Type = 'hashes'; Source = { Get-ExportHash -LiteralPath $hostile -Labels } }
        @{ Type = 'added exports'; Source = { Add-Export -LiteralPath $hostile -Project b } }
        @{ Type = 'archived exports'; Source = { Get-Export } }
        @{ Type = 'projects'; Source = { Get-HarvestProject } }
        @{ Type = 'compared exports'; Source = { Compare-Export -Reference exports/b1.json -Difference $hostile } }
        @{ Type = 'tasks'; Source = { Compare-Export -Reference exports/b1.json -Difference $hostile -Task } }
        @{ Type = 'the archive'; Source = { Test-ExportArchive } }
        @{ Type = 'findings of the archive'; Source = { (Test-ExportArchive).Findings } }
        @{ Type = 'slices'; Source = { Get-Slice } }
        @{ Type = 'exports of a slice'; Source = { (Get-Slice v2).Exports } }
        @{ Type = 'runs of a slice'; Source = { (Get-Slice v1).Runs } }
        @{ Type = 'tables'; Source = { Build-Slice } }
        @{ Type = 'a tally'; Source = { Build-Slice v2 -Tally } }
        @{ Type = 'drift reports'; Source = { Test-SliceDrift -WarningAction SilentlyContinue } }
        @{ Type = 'drift findings'; Source = { Test-SliceDrift | ForEach-Object Findings } }
        @{ Type = 'compared slices'; Source = { Compare-Slice v1 v2 } }
        @{ Type = 'counts of rows'; Source = { (Compare-Slice v1 v2).Rows.ByLabel } }
        @{ Type = 'rows'; Source = { Compare-Slice v1 v2 -Row } }
        @{ Type = 'impact'; Source = { Measure-HarvestImpact -FilterOverride @{ min_pixel_agreement = 1 } } }
        @{ Type = 'the history'; Source = { Get-SliceHistory } }
        @{ Type = 'sources'; Source = { Get-SliceSource v2 } }
        @{ Type = 'models'; Source = { Register-SliceModel v1 "m$probe" -Metric @{ pck = 0.9 } -Force } }
        @{ Type = 'a regression'; Source = { Find-SliceRegression pck } }
        @{ Type = 'a state'; Source = { Get-RetrainState } }
        @{ Type = 'a decision'; Source = { Get-RetrainDecision } }
        @{ Type = 'a decision in Markdown'; Source = { Get-RetrainDecision -AsMarkdown } }
        @{ Type = 'errors'; Source = { $null = Get-SliceSource -Model "none$probe" -ErrorVariable failed -ErrorAction SilentlyContinue; $failed } }
        @{ Type = 'exceptions'; Source = { $null = Get-SliceSource -Model "none$probe" -ErrorVariable failed -ErrorAction SilentlyContinue; $failed.Exception } }
        @{ Type = 'warnings and verbose messages'; Source = { Register-SliceModel v2 "n$probe" -Verbose -WhatIf 4>&1 3>&1; Add-Export -LiteralPath $hostile -Project b -Verbose 4>&1 3>&1 } }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $repository = New-TestRepository "$TestDrive/plain"
    Push-Location $repository

    # A title of the window, a movement of the cursor, C1, DEL and marks of direction: none of them is a colour, which views have.
    $probe = "`e]0;title`a`e[2J$([char] 0x9b)x$([char] 0x7f)$([char] 0x202e)txt$([char] 0x2066)$([char] 0x200f)"
    $hostile = "$repository/exports/$($IsWindows ? 'hostile' : "x$probe").json"
    $null = New-TestExport exports/plain.json -Tasks 5 -FirstTask 100 -Shift 2
    $escaped = ($probe | ConvertTo-Json -EscapeHandling EscapeNonAscii).Trim('"')
    [System.IO.File]::WriteAllText($hostile, [System.IO.File]::ReadAllText("$repository/exports/plain.json").Replace('"wrist"', "`"wrist$escaped`"").Replace('"episode":"', "`"episode`":`"$escaped").Replace('fold_towel', "fold$escaped"))
    $null = New-Slice v1 -Reason "first $probe"
    $null = Add-Export -LiteralPath $hostile -Project b
    $null = New-Slice v2 -Reason "second $probe"
    $null = Register-SliceModel v1 "m$probe" -Path "s3://models/$probe.pt" -Metric @{ pck = 0.9; "x$probe" = 1 }
    $null = Register-SliceModel v2 "m$probe" -Path "s3://models/$probe.pt" -Metric @{ pck = 0.8; "x$probe" = 0.5 }
    $null = New-TestExport exports/a1.json -Shift 7
    if (-not $IsWindows) { Set-Content -LiteralPath ".harvest/archive/sha256/stray$probe" 'no object' }

    function Get-Unsafe([string] $Text) {
        # Colours are the views' own.
        $rest = [regex]::Replace($Text, '\e\[[0-9;]*m', '')
        [regex]::Matches($rest, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]') | ForEach-Object { 'U+{0:x4}' -f [int][char] $_.Value } | Select-Object -Unique
    }
}
AfterAll { Pop-Location }

Describe 'What is shown of <Type>' -ForEach $sources {
    It 'steers no terminal, as <Name>' -ForEach @(
        @{ Name = 'usual'; Format = { $input } }
        @{ Name = 'table'; Format = { $input | Format-Table } }
        @{ Name = 'list'; Format = { $input | Format-List } }
        @{ Name = 'wide'; Format = { $input | Format-Wide } }
    ) {
        $before = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Ansi'
        try {
            $text = & $Source | & $Format | Out-String -Width 400
        } finally {
            $PSStyle.OutputRendering = $before
        }
        $text | Should -Not -BeNullOrEmpty
        Get-Unsafe $text | Should -BeNullOrEmpty -Because ($text -replace '[^\x20-\x7e\n]', '?')
    }
}

Describe 'Objects' {
    It 'keep what files hold' {
        (Get-Slice v2).Reason | Should -BeExactly "second $probe"
        (Get-SliceSource -Model "m$probe").Version | Should -Contain 'v1'
    }

    It 'show what was in the place of an escape sequence' {
        Get-Slice v2 | Format-List | Out-String -Width 400 | Should -Match ([regex]::Escape('\u001b]0;title\u0007'))
    }

    It 'keep the subject of an error and show it plain' {
        $null = Get-SliceSource -Model "none$probe" -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].TargetObject | Should -BeExactly "none$probe"
        Get-Unsafe "$($failed[0].CategoryInfo) $($failed[0]) $($failed[0].Exception.Message) $($failed[0].ErrorDetails.RecommendedAction)" | Should -BeNullOrEmpty
    }
}
