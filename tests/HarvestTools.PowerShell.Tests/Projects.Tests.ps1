#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
}

Describe 'A season of one team' {
    BeforeEach {
        $folder = New-TestRepository "$TestDrive/$([guid]::NewGuid())" -Empty
        Push-Location $folder
    }

    AfterEach {
        Pop-Location
    }

    It 'takes the export whose labels go furthest, whatever a clone archived last' {
        $week4 = New-TestExport exports/week_4.json -Tasks 40 -Day 28 | Add-Export -Project b
        $week4.Newest | Should -BeTrue
        $older = New-TestExport exports/week_1.json -Tasks 10 -Day 7 | Add-Export -Project b -WarningVariable warnings -WarningAction SilentlyContinue
        $older.Newest | Should -BeFalse
        $older.Notices.Id | Should -Be 'ExportNotNewest'
        "$warnings" | Should -BeLike '*not the newest of project b: its labels end at 2026-05-07 12:00, those of exports/week_4.json*at 2026-05-28 12:00*'
        (New-Slice v1).Exports.Sha256 | Should -Be $week4.Sha256
        (Get-Export | Where-Object Sha256 -eq $week4.Sha256).LabelsThrough.ToUniversalTime() | Should -Be ([datetime]'2026-05-28T12:00:00')
    }

    It 'warns once of several exports that are not the newest' {
        $files = 4, 1, 2 | ForEach-Object { New-TestExport "exports/week_$_.json" -Tasks (10 * $_) -Day (7 * $_) }
        $added = $files | Add-Export -Project b -WarningVariable warnings -WarningAction SilentlyContinue
        $added.Notices.Id | Should -Be @('ExportNotNewest', 'ExportNotNewest')
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*2 exports of project b are archived and not the newest, which is exports/week_4.json*'
    }

    It 'says of one more export beside many what it says when all records are read' {
        $labels = { param ($task, $project, $day = 9, $end = '')
            "[{`"id`":$task,$project`"data`":{`"image`":`"/data/a/b.jpg`"},`"annotations`":[{`"id`":$task,`"completed_by`":1,`"was_cancelled`":false,`"updated_at`":`"2026-05-0${day}T00:00:00Z`",`"result`":[]}],`"predictions`":[]}]$end" }
        $null = New-Item -ItemType Directory in
        1..260 | ForEach-Object { & $labels $_ '"project":7,' | Set-Content -NoNewline "in/$_.json" }
        (Get-Item in/*.json | Add-Export -Project hands).Count | Should -Be 260
        '.harvest/cache/record-keys' | Should -Exist

        & $labels 9 '' -end ' ' | Set-Content -NoNewline other.json
        $keyed = Invoke-Recorded { Add-Export other.json -Project arms }
        $keyed.Errors[0].FullyQualifiedErrorId | Should -Be 'LabelsInAnotherProject,HarvestTools.PowerShell.AddExportCommand'
        Remove-Item .harvest/cache/record-keys
        $read = Invoke-Recorded { Add-Export other.json -Project arms }
        "$($read.Errors)" | Should -Be "$($keyed.Errors)"

        & $labels 900 '"project":7,' -day 1 | Set-Content -NoNewline old.json
        $old = Add-Export old.json -Project hands -WarningAction SilentlyContinue
        $old.Newest | Should -BeFalse
        $old.Notices.Id | Should -Be 'ExportNotNewest'
        '.harvest/cache/record-keys' | Should -Exist
        & $labels 5 '"project":7,' -end ' ' | Set-Content -NoNewline same.json
        (Add-Export same.json -Project hands).SameLabelsAs | Should -Be (Get-FileHash in/5.json).Hash.ToLowerInvariant()
    }

    It 'takes one with deleted annotations when the remedy of the warning is followed' {
        $null = New-TestExport exports/full.json -Tasks 10 -Day 9 | Add-Export -Project b
        $added = New-TestExport exports/deleted.json -Tasks 10 -Shift 1 -Day 8 | Add-Export -Project b -WarningAction SilentlyContinue
        $remedy = [regex]::Match($added.Notices[0].Remedy, 'Add-Export.*-Newest').Value
        (Invoke-Expression $remedy).Newest | Should -BeTrue
        (New-Slice v1).Exports.Sha256 | Should -Be $added.Sha256
    }

    It 'keeps one project under one name, and gives it another when it is asked to' {
        $null = New-TestExport exports/one.json -ProjectId 12 -Day 1 | Add-Export -Project b
        $fault = (Invoke-Recorded { New-TestExport exports/two.json -ProjectId 12 -Day 2 -Tasks 4 | Add-Export -Project hands }).Errors[0]
        $fault.FullyQualifiedErrorId | Should -Be 'ProjectHasAnotherName,HarvestTools.PowerShell.AddExportCommand'

        # Without a name it goes where the project's other exports are.
        (Add-Export exports/two.json).Project | Should -Be 'b'
        $rename = [regex]::Match($fault.ErrorDetails.RecommendedAction, 'Rename-HarvestProject \S+ \w+').Value
        $renamed = Invoke-Expression $rename
        $renamed.Project | Should -Be 'hands'
        $renamed.EarlierNames | Should -Be 'b'
        $renamed.LabelStudioIds | Should -Be 12
        $renamed.Exports | Should -Be 2
        (Add-Export exports/two.json -Project b).Project | Should -Be 'hands'
        Get-HarvestProject | ForEach-Object Project | Should -Be 'hands'
        Get-HarvestProject b | ForEach-Object Project | Should -Be 'hands'
    }

    It 'says when two projects would share a name, and takes both once they are said to be one' {
        $null = New-TestExport exports/one.json -ProjectId 12 -Day 1 | Add-Export -Project b
        $fault = (Invoke-Recorded { New-TestExport exports/moved.json -ProjectId 15 -Day 2 -FirstTask 500 | Add-Export -Project b }).Errors[0]
        $fault.FullyQualifiedErrorId | Should -BeLike 'ProjectHasAnotherId,*'
        $null = Invoke-Expression ([regex]::Match($fault.ErrorDetails.RecommendedAction, 'Set-HarvestProject \S+ -AddLabelStudioId \d+').Value)
        (Add-Export exports/moved.json -Project b).Newest | Should -BeTrue
    }

    It 'says which project has an id already, and takes it back as the warning says' {
        $null = New-TestExport exports/one.json -ProjectId 12 -Day 1 | Add-Export -Project b
        $null = New-TestExport exports/two.json -ProjectId 13 -FirstTask 100 | Add-Export -Project c
        (Set-HarvestProject c -AddLabelStudioId 12 -WarningVariable warnings -WarningAction SilentlyContinue).LabelStudioIds | Should -Be 12, 13
        "$warnings" | Should -BeLike "Project b has Label Studio's id 12 too*Rename-HarvestProject c b*"
        $null = Invoke-Expression ([regex]::Match("$warnings", 'Set-HarvestProject \S+ -RemoveLabelStudioId \d+').Value)
        (Get-HarvestProject c).LabelStudioIds | Should -Be 13
        $null = Set-HarvestProject c -AddLabelStudioId 13 -WarningVariable known -WarningAction SilentlyContinue
        "$known" | Should -BeLike "Project c has Label Studio's id 13 already*"
        foreach ($try in { Set-HarvestProject c -RemoveLabelStudioId 99 }, { Set-HarvestProject c -RemoveLabelStudioId 99 -WhatIf }) {
            $fault = (Invoke-Recorded $try).Errors[0]
            $fault.FullyQualifiedErrorId | Should -BeLike 'ProjectIdNotAdded,*'
            $fault.Exception.Message | Should -BeLike '*its exports are of 13*'
        }
        { Set-HarvestProject c -AddLabelStudioId 0 } | Should -Throw '*AddLabelStudioId*'
    }

    It 'leaves a retired project out, and takes it back' {
        $null = New-TestExport exports/a1.json | Add-Export -Project a
        $null = New-TestExport exports/b1.json -FirstTask 100 | Add-Export -Project b
        $null = New-Slice v1
        (Get-HarvestProject b | Set-HarvestProject -Retired).Retired | Should -BeTrue
        $made, $said = (New-Slice v2 -Verbose -WarningVariable warnings 4>&1).Where({ $_ -isnot [System.Management.Automation.VerboseRecord] }, 'Split')
        $made.Exports.Project | Should -Be 'a'
        "$said" | Should -BeLike '*Project b is retired, so v2 is made without it.*'
        $warnings | Should -BeNullOrEmpty
        (Set-HarvestProject b -Retired:$false).Retired | Should -BeFalse
        (New-Slice v3).Exports.Project | Should -Be 'a', 'b'
    }

    It 'changes nothing with -WhatIf' {
        $null = New-TestExport exports/b1.json | Add-Export -Project b
        $before = Get-Content harvest.json -Raw
        Rename-HarvestProject b c -WhatIf | Should -BeNullOrEmpty
        Set-HarvestProject b -Retired -AddLabelStudioId 5 -WhatIf | Should -BeNullOrEmpty
        Get-Content harvest.json -Raw | Should -Be $before
    }

    It 'refuses a slice that loses a tenth of the labelled tasks, also with -WhatIf, and says what a smaller one lost' {
        $null = New-TestExport exports/full.json -Tasks 40 -Day 1 | Add-Export -Project b
        $null = New-Slice v1
        $null = New-TestExport exports/less.json -Tasks 35 -Day 2 | Add-Export -Project b
        foreach ($try in { New-Slice v2 }, { New-Slice v2 -WhatIf }) {
            $fault = (Invoke-Recorded { try { & $try } catch { Write-Error -ErrorRecord $_ } }).Errors[0]
            $fault.FullyQualifiedErrorId | Should -BeLike 'ProjectShrinks*'
            $fault.Exception.Message | Should -BeLike 'Project b would lose 5 of 40 labelled tasks that slice v1 has: its export is now exports/less.json (*).'
        }
        Get-Slice v2 -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        (New-Slice v2 -AllowShrink -WarningVariable warnings -WarningAction SilentlyContinue).Rows | Should -Be 35
        "$warnings" | Should -Be 'Project b has 5 of 40 labelled tasks and 5 rows fewer than v1.'
    }
}
