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
        (Compare-Slice v1 v2 -Row | Out-String -Width 80) | Should -Match 'Changed\s+keypoints\s+episode_0000'
    }
}

Describe 'Compare-Export' {
    It 'counts tasks, and tells the same labels from others' {
        $comparison = Compare-Export exports/a1.json exports/a2.json
        $comparison.Relabelled | Should -Be 3
        $comparison.Added | Should -Be 1
        $comparison.SameLabels | Should -BeFalse
        $null = New-TestExport exports/a3.json -Ago '3 days'
        $again = Compare-Export exports/a1.json exports/a3.json
        $again.VolatileOnly | Should -Be 3
        $again.SameLabels | Should -BeTrue
        $again.VolatileFields['drafts.created_ago'] | Should -Be 3
    }

    It 'emits the tasks with -Task, and how far points moved' {
        $tasks = @(Compare-Export exports/a1.json exports/a2.json -Task)
        $tasks | Group-Object Change -NoElement | Sort-Object Name | ForEach-Object Count | Should -Be 1, 3
        # Two percent of 640 pixels.
        $tasks[0].Edits[0].Distance | Should -BeGreaterThan 12.79
        $tasks[0].Edits[0].Distance | Should -BeLessThan 12.81
        $tasks[0].Edits[0].Unit | Should -Be 'px'
        ($tasks | Out-String -Width 100) | Should -Match '(?s)Relabelled.*moved by\s+12.8 px'
    }

    It 'takes files by pipeline and archived exports by hash' {
        (Get-Item exports/a2.json | Compare-Export exports/a1.json).Relabelled | Should -Be 3
        $sha256 = (Get-ExportHash exports/a1.json).Sha256
        (Compare-Export $sha256.Substring(0, 12) exports/a1.json).Identical | Should -Be 3
        { Compare-Export exports/a1.json none.json -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*'
    }
}

Describe 'Measure-HarvestImpact' {
    It 'tells rows and models, and leaves the slices alone' {
        $before = Get-FolderState "$repository/slices"
        $impact = Measure-HarvestImpact v1 -FilterOverride @{ require_two_annotators = $true }
        $impact.IsAffected | Should -BeTrue
        # Every point has one annotator: seven tasks lose theirs.
        ($impact.Rows.ByTable | Where-Object Table -EQ keypoints).Removed | Should -Be 7
        $impact.Models.Name | Should -Be 'hand'
        Get-FolderState "$repository/slices" | Should -Be $before
        @(Get-Slice | Measure-HarvestImpact).Count | Should -Be 2
    }

    It 'names a rule that does not exist' {
        { Measure-HarvestImpact v1 -FilterOverride @{ boundary_wait = 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownKey*'
    }
}

Describe 'Compare-Slice over a damaged table whose hashes are right' {
    BeforeAll {
        $damaged = New-TestRepository "$TestDrive/damaged"
        $null = New-Slice v1 -Repository $damaged
        $null = New-TestExport "$damaged/exports/a2.json" -Tasks 4 -Shift 2 | Add-Export -Project a -Repository $damaged
        $null = New-Slice v2 -Repository $damaged
        function Get-TextDigest([string] $Text) {
            [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($Text))).ToLowerInvariant()
        }
    }

    It 'ends where a page has a size below zero' {
        foreach ($record in Get-ChildItem "$damaged/.harvest/cache/parts" -Recurse -File -Filter part.json -Force) {
            $table = Get-Item (Join-Path $record.DirectoryName keypoints.parquet)
            $before = (Get-FileHash $table.FullName).Hash.ToLowerInvariant()
            $bytes = [IO.File]::ReadAllBytes($table.FullName)
            # The third number of the first header is the page's size; its lowest bit is the sign.
            $at = 5
            foreach ($passed in 1, 2) {
                while ($bytes[$at] -ge 0x80) { $at++ }
                $at += 2
            }
            $bytes[$at] = $bytes[$at] -bor 1
            $table.IsReadOnly = $false
            [IO.File]::WriteAllBytes($table.FullName, $bytes)

            $text = [IO.File]::ReadAllText($record.FullName).Replace($before, (Get-FileHash $table.FullName).Hash.ToLowerInvariant())
            $mark = ',"head_sha256":"'
            $head = $text.Substring(0, $text.IndexOf($mark))
            $rest = $text.Substring($head.Length + $mark.Length + 64)
            $body = $head + $mark + (Get-TextDigest $head) + $rest.Substring(0, $rest.LastIndexOf(',"sha256"'))
            [IO.File]::WriteAllText($record.FullName, $body + ',"sha256":"' + (Get-TextDigest $body) + '"}')
        }

        { Compare-Slice v1 v2 -Row -Repository $damaged -ErrorAction Stop } | Should -Throw -ErrorId 'ParquetDamaged,*' -ExpectedMessage '*a page is not within its column*'
    }
}

Describe 'Slices of a program of the team' -Skip:$IsWindows {
    BeforeAll {
        Push-Location (New-TestRepository "$TestDrive/program")
        $before = $env:HARVEST_TRUST_FOLDER
        $env:HARVEST_TRUST_FOLDER = "$TestDrive/trust"
        function Set-Program([string] $Version, [string] $Rows) {
            Set-Content run.sh ('printf ''task_id,x\n{0}'' > "$1/t.csv"' -f $Rows)
            @{ harvest = @{ name = 'harvest'; version = $Version; kind = 'program'; run = 'sh', 'run.sh', '{out}'; code = @('run.sh'); tables = @('*.csv'); keys = @('task_id') } } |
                ConvertTo-Json -Depth 5 | Set-Content harvest.json
        }

        Set-Program v1.0.0 '1,a\n2,b\n'
        $null = Approve-HarvestProgram -Confirm:$false
        $null = New-Slice p1
    }
    AfterAll {
        $env:HARVEST_TRUST_FOLDER = $before
        Pop-Location
    }

    It 'have their impact measured once the changed program is approved' {
        Set-Program v1.0.0 '1,a\n2,c\n3,d\n'
        { Measure-HarvestImpact p1 -ErrorAction Stop } | Should -Throw -ErrorId 'ProgramUntrusted,*'
        $null = Approve-HarvestProgram -Confirm:$false
        $impact = Measure-HarvestImpact p1
        $impact.IsAffected | Should -BeTrue
        "$($impact.Rows)" | Should -Be '1 added, 0 removed, 1 changed'
    }

    It 'are compared by the keys of their definition' {
        Set-Program v1.1.0 '1,a\n2,c\n3,d\n'
        $null = Approve-HarvestProgram -Confirm:$false
        $null = New-Slice p2
        $rows = Compare-Slice p1 p2 -Row
        $rows.KeyText | Should -Be 'task_id 2', 'task_id 3'
        $rows | Out-String -Width 120 | Should -Match 'Changed +t .*task_id 2: x'
        { Compare-Slice p1 p2 -Row -Table boxes -ErrorAction Stop } | Should -Throw -ErrorId 'TableUnknown,*'
        (Build-Slice p2 -Table T).Table | Should -Be 't'
        { Build-Slice p2 -Table boxes -ErrorAction Stop } | Should -Throw -ErrorId 'TableUnknown,*'
    }
}
