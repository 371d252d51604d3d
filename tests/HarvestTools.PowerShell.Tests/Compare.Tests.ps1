#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $repository = New-TestRepository "$TestDrive/compare"
    Push-Location $repository
    $null = New-Slice v1 -ModelOutput @{ hand = 'h.pt' }

    # One task more, every point of project a moved, project b as it was.
    $null = New-TestExport exports/a2.json -Tasks 4 -Shift 2 | Add-Export -Project a
    $null = New-Slice v2 -FilterOverride @{ boundary_frames = 4 }
}
AfterAll { Pop-Location }

Describe 'Compare-Slice' {
    It 'tells exports, rules and rows that differ' {
        $comparison = Compare-Slice v1 v2
        $comparison.Reference | Should -Be 'v1'
        $comparison.Exports.Project | Should -Be 'a'
        $comparison.Exports.Change | Should -Be 'Replaced'
        $comparison.Rules.Name | Should -Match 'boundary_frames'
        $comparison.Rows.Added | Should -Be 1
        $comparison.Rows.Changed | Should -Be 3
        $comparison.Rows.Removed | Should -Be 0
    }

    It 'emits the rows with -Row, and groups' {
        $rows = @(Compare-Slice v1 v2 -Row)
        $rows.Count | Should -Be 4
        $rows | Group-Object Change -NoElement | Sort-Object Name | ForEach-Object Count | Should -Be 1, 3
        ($rows | Group-Object Label).Name | Should -Be 'wrist'
        $changed = $rows | Where-Object Change -EQ Changed | Select-Object -First 1
        $changed.Columns | Should -Contain 'x_pct'
        $changed.After['x_pct'] - $changed.Before['x_pct'] | Should -Be 2
    }

    It 'shows the first row at once and stops' {
        @(Compare-Slice v1 v2 -Row | Select-Object -First 1).Count | Should -Be 1
    }

    It 'finds no difference between a slice and itself' {
        (Compare-Slice v1 v1).Rows.Total | Should -Be 0
        Compare-Slice v1 v1 -Row | Should -BeNullOrEmpty
    }

    It 'takes slices by pipeline and reports those it does not have' {
        ('v2', 'nobody' | Compare-Slice v1 -ErrorAction SilentlyContinue -ErrorVariable faults).Difference | Should -Be 'v2'
        $faults[0].FullyQualifiedErrorId | Should -Be 'SliceNotFound,HarvestTools.PowerShell.CompareSliceCommand'
        (Get-Slice v2 | Compare-Slice v1).Difference | Should -Be 'v2'
    }

    It 'keeps what matters through Export-Clixml' {
        Compare-Slice v1 v2 | Export-Clixml "$TestDrive/c.xml"
        (Import-Clixml "$TestDrive/c.xml").Rows.Changed | Should -Be 3
        Compare-Slice v1 v2 -Row | Export-Clixml "$TestDrive/r.xml"
        @(Import-Clixml "$TestDrive/r.xml" | Where-Object Change -EQ Added).Count | Should -Be 1
    }

    It 'fits eighty columns' {
        Compare-Slice v1 v2 | Out-String -Width 80 | ForEach-Object { $_ -split '\r?\n' } | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        (Compare-Slice v1 v2 -Row | Out-String -Width 80) | Should -Match 'Changed\s+keypoints\s+a'
    }
}
