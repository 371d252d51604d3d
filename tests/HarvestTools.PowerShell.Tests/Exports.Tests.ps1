#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
}

Describe 'Initialize-HarvestRepository' {
    It 'makes a repository and says where' {
        $made = Initialize-HarvestRepository "$TestDrive/new"
        $made.Repository | Should -Be (Get-Item "$TestDrive/new").FullName
        $made.HarvestVersion | Should -Be 'harvest@v1.0.0'
        "$TestDrive/new/harvest.json" | Should -Exist
        $made.Slices | Should -Exist
    }

    It 'makes the current location one' {
        $null = New-Item -ItemType Directory "$TestDrive/here"
        Push-Location "$TestDrive/here"
        try {
            (Initialize-HarvestRepository).Repository | Should -Be (Get-Item "$TestDrive/here").FullName
        } finally {
            Pop-Location
        }
    }

    It 'changes nothing with -WhatIf' {
        Initialize-HarvestRepository "$TestDrive/not made" -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/not made" | Should -Not -Exist
    }

    It 'promises nothing with -WhatIf that would fail' {
        $null = Initialize-HarvestRepository "$TestDrive/there"
        $result = Invoke-Recorded { Initialize-HarvestRepository "$TestDrive/there" -WhatIf }
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'RepositoryExists,HarvestTools.PowerShell.InitializeHarvestRepositoryCommand'
    }

    It 'leaves an existing repository as it is' {
        $null = Initialize-HarvestRepository "$TestDrive/twice"
        $before = Get-FolderState "$TestDrive/twice"
        $result = Invoke-Recorded { Initialize-HarvestRepository "$TestDrive/twice" }
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'RepositoryExists,HarvestTools.PowerShell.InitializeHarvestRepositoryCommand'
        $result.Errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        Get-FolderState "$TestDrive/twice" | Should -Be $before
    }
}

Describe 'Files that are no exports' {
    BeforeAll {
        $repository = (Initialize-HarvestRepository "$TestDrive/foreign").Repository
        $pointer = "$TestDrive/pointer.json"
        [System.IO.File]::WriteAllText($pointer, "version https://git-lfs.github.com/spec/v1`r`noid sha256:$('a' * 64)`r`nsize 12`r`n")
        $export = New-TestExport "$TestDrive/packed/export.json"
        Compress-Archive -LiteralPath $export -DestinationPath "$TestDrive/packed/export.zip"
        $list = "$TestDrive/list.json"
        [System.IO.File]::WriteAllText($list, '[{"id":1,"data":{},"annotations":null,"total_annotations":1,"project":7}]')
    }

    It 'are hashed with a warning that says what to do' {
        $hash = Get-ExportHash $pointer -WarningVariable warned -WarningAction SilentlyContinue
        $hash.Sha256 | Should -Be ('a' * 64) -Because 'a pointer has the hash of what it names'
        "$warned" | Should -Match 'Git LFS pointer.*git lfs pull'
        $hash.Notice.Id | Should -Be 'ExportIsLfsPointer'
        $hash.Notice.Remedy | Should -BeOfType [string]
    }

    It 'are refused with labels, and by Add-Export whether or not it reads labels' {
        foreach ($script in { Get-ExportHash $pointer -Labels }, { Add-Export $pointer a -Repository $repository }, { Add-Export $pointer a -NoLabels -Repository $repository }) {
            $result = Invoke-Recorded $script
            $result.Errors[0].FullyQualifiedErrorId | Should -BeLike 'ExportIsLfsPointer,*'
            $result.Errors[0].ErrorDetails.RecommendedAction | Should -Match 'git lfs pull'
        }
    }

    It 'may be zips, which are the JSON in them' {
        $zip = Get-ExportHash "$TestDrive/packed/export.zip" -Labels
        $zip.Sha256 | Should -Be (Get-ExportHash $export).Sha256
        $zip.Entry | Should -Be 'export.json'
        (Compare-Export $export "$TestDrive/packed/export.zip").SameLabels | Should -BeTrue
        $added = Add-Export "$TestDrive/packed/export.zip" z -Repository $repository
        $added.Sha256 | Should -Be $zip.Sha256
        $added.Entry | Should -Be 'export.json'
    }

    It 'may be task lists, which are archived with a warning and never taken' {
        $added = Add-Export $list list -Repository $repository -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match 'lacks labels'
        (Get-Export list -Repository $repository).LabelsMissing | Should -Be 1
        { $added | New-Slice v1 -ErrorAction Stop } | Should -Throw -ErrorId 'CandidateHasNoLabels,*'
    }
}

Describe 'Get-ExportHash' {
    BeforeAll {
        $export = New-TestExport "$TestDrive/hash/export.json"
        $again = New-TestExport "$TestDrive/hash/again.json" -Ago '12 minutes'
    }

    It 'gives the SHA-256 that Get-FileHash gives' {
        ($export | Get-ExportHash).Sha256 | Should -Be (Get-FileHash -LiteralPath $export).Hash.ToLowerInvariant()
    }

    It 'needs no repository and stores nothing' {
        $null = $export | Get-ExportHash -Labels
        Get-ChildItem "$TestDrive/hash" -Force | ForEach-Object Name | Sort-Object | Should -Be 'again.json', 'export.json'
    }

    It 'reads the labels only if asked' {
        ($export | Get-ExportHash).LabelSha256 | Should -BeNullOrEmpty
        $hash = $export | Get-ExportHash -Labels
        $hash.LabelSha256 | Should -Match '^[0-9a-f]{64}$'
        $hash.Tasks | Should -Be 3
        $hash.Annotations | Should -Be 3
        $hash.Drafts | Should -Be 3
        $hash.Cancelled | Should -Be 0
        $hash.RegionTypes['keypointlabels'] | Should -Be 3
    }

    It 'sees that only bytes moved' {
        $two = $export, $again | Get-ExportHash -Labels
        $two[0].Sha256 | Should -Not -Be $two[1].Sha256
        $two[0].LabelSha256 | Should -Be $two[1].LabelSha256
    }

    It 'names the place of a fault and goes on' {
        Set-Content "$TestDrive/hash/broken.txt" '[{"id": 1, "data": {' -NoNewline
        $result = Invoke-Recorded { Get-ExportHash "$TestDrive/hash/broken.txt", $export.FullName -Labels }
        $result.Output.Count | Should -Be 1
        $result.Errors[0].FullyQualifiedErrorId | Should -Match '^\w+,HarvestTools\.PowerShell\.GetExportHashCommand$'
        $result.Errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
        "$($result.Errors[0])" | Should -Match 'broken\.txt'
        $result.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Remove-Item "$TestDrive/hash/broken.txt"
    }

    It 'streams: the first file''s hash comes before the second is looked at' {
        $seen = Get-ExportHash -LiteralPath $export.FullName, "$TestDrive/hash/no such" -ErrorAction Stop | Select-Object -First 1
        $seen.Bytes | Should -Be $export.Length
    }

    It 'writes a table that Export-Csv takes' {
        $line = $export | Get-ExportHash -Labels | ConvertTo-Csv | ConvertFrom-Csv
        $line.Tasks | Should -Be '3'
    }
}

Describe 'Add-Export and Get-Export' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/add" -Empty
        Push-Location $repository
    }
    AfterAll { Pop-Location }

    It 'archives what Get-ChildItem finds' {
        $null = New-TestExport exports/one.json
        $null = New-TestExport exports/two.json -Shift 1
        $added = Get-ChildItem exports/*.json | Add-Export -Project b
        $added.Count | Should -Be 2
        $added.Added | Should -Be $true, $true
        $added.Project | Should -Be 'b', 'b'
        $added[0].Path | Should -Be 'exports/one.json'
        foreach ($one in $added) {
            (Get-FileHash -LiteralPath ".harvest/archive/sha256/$($one.Sha256.Substring(0, 2))/$($one.Sha256)").Hash | Should -Be $one.Sha256
        }
    }

    It 'says that bytes were there' {
        $again = Add-Export exports/one.json -Project b
        $again.Added | Should -BeFalse
        @(Get-Export b).Count | Should -Be 2
    }

    It 'tells another export with the same labels' {
        $first = Get-Export b | Select-Object -First 1
        $null = New-TestExport exports/same.json -Ago 'a day'
        (Add-Export exports/same.json -Project b).SameLabelsAs | Should -BeIn (Get-Export b).Sha256
        $first.LabelSha256 | Should -Match '^[0-9a-f]{64}$'
    }

    It 'takes the project from the export' {
        $null = New-TestExport exports/named.json -ProjectId 31 -FirstTask 500
        (Add-Export exports/named.json).Project | Should -Be 'project-31'
    }

    It 'lists by project, by pattern and by pipeline' {
        Get-Export | ForEach-Object Project | Select-Object -Unique | Should -Be 'b', 'project-31'
        Get-Export pro* | ForEach-Object Project | Should -Be 'project-31'
        'b' | Get-Export | ForEach-Object Project | Select-Object -Unique | Should -Be 'b'
        (Get-Export b)[0].AddedAt | Should -BeOfType [datetime]
    }

    It 'changes nothing with -WhatIf' {
        $null = New-TestExport exports/later.json -Shift 9
        $before = Get-FolderState .
        Add-Export exports/later.json -Project b -WhatIf | Should -BeNullOrEmpty
        Get-FolderState . | Should -Be $before
    }

    It 'goes on after a file that is no export, and leaves nothing of it' {
        Set-Content exports/bad.txt 'not json'
        $before = @(Get-ChildItem .harvest/archive -Recurse -File -Force).Count
        $result = Invoke-Recorded { 'exports/bad.txt', 'exports/one.json' | Add-Export -Project b }
        $result.Output.Count | Should -Be 1
        $result.Errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
        @(Get-ChildItem .harvest/archive -Recurse -File -Force).Count | Should -Be $before
    }

    It 'refuses a project''s name that no file could have' {
        $result = Invoke-Recorded { Add-Export exports/one.json -Project 'a/b' }
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'ProjectNameInvalid,HarvestTools.PowerShell.AddExportCommand'
        $result.Errors[0].TargetObject | Should -Be 'a/b'
    }

    It 'archives a labeling configuration with the export' {
        Set-Content config.xml '<View><Image name="image" value="$image"/></View>'
        $config = (Get-FileHash config.xml).Hash.ToLowerInvariant()
        (Add-Export exports/one.json -Project b -LabelConfig ./config.xml).LabelConfigSha256 | Should -Be $config
        $with = @(Get-Export b | Where-Object LabelConfigSha256)
        $with.Count | Should -Be 1
        $with[0].Path | Should -Be 'exports/one.json'
        $with[0].LabelConfigSha256 | Should -Be $config
        ($with | Format-Table | Out-String) | Should -Match 'yes'
        (Test-ExportArchive).Whole | Should -BeTrue

        Set-Content config.xml '<View><Image name="image" value="$other"/></View>'
        (Add-Export exports/one.json -Project b -LabelConfig config.xml -WhatIf) | Should -BeNullOrEmpty
        (Get-Export b | Where-Object LabelConfigSha256).LabelConfigSha256 | Should -Be $config
    }

    It 'reports a project that has nothing' {
        $result = Invoke-Recorded { Get-Export nothing }
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'ProjectNotFound,HarvestTools.PowerShell.GetExportCommand'
        Get-Export noth* | Should -BeNullOrEmpty
    }

    It 'ends where there is no repository' {
        { Add-Export "$repository/exports/one.json" -Repository $TestDrive -ErrorAction SilentlyContinue } |
            Should -Throw -ErrorId 'NotARepository,HarvestTools.PowerShell.AddExportCommand'
    }

    It 'finds the repository from a folder below, and by -Repository from elsewhere' {
        Push-Location exports
        try { @(Get-Export).Count | Should -BeGreaterThan 0 } finally { Pop-Location }
        Push-Location $TestDrive
        try {
            @(Get-Export -Repository add).Count | Should -BeGreaterThan 0
            @(Get-Export -Repository "$repository/exports").Count | Should -BeGreaterThan 0
        } finally {
            Pop-Location
        }
    }
}

Describe 'A clone without an archive' {
    It 'is one finding, and a repair brings what is at recorded paths' {
        $source = New-TestRepository "$TestDrive/source"
        $null = New-Slice v1 -Repository $source
        $clone = New-Item -ItemType Directory "$TestDrive/clone-of-source"
        Copy-Item "$source/harvest.json", "$source/slices", "$source/exports" $clone -Recurse
        $report = Test-ExportArchive -Repository $clone
        $report.Whole | Should -BeFalse
        @($report.Findings).Kind | Should -Be 'StoreAbsent'
        "$($report.Findings.Message)" | Should -BeLike '*named by slice v1*'
        ($report | Out-String) | Should -Not -Match '0 B'
        Get-Export -Repository $clone -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike 'No export has a record here, though slice v1 names*Add-Export*'

        $repaired = Test-ExportArchive -Repository $clone -Repair -Confirm:$false
        $repaired.Whole | Should -BeTrue
        $repaired.Objects | Should -BeGreaterThan 1
        @($repaired.Findings)[-1].Message | Should -BeLike '*2 exports are archived and recorded again*'
        Get-Export -Repository $clone | ForEach-Object Project | Should -Be 'a', 'b'
    }

    It 'keeps the export that was said to be the newest' {
        $source = New-TestRepository "$TestDrive/newest" -Empty
        $full = New-TestExport "$source/exports/full.json" -Tasks 10 -Day 9 | Add-Export -Project b -Repository $source
        $null = New-Slice v1 -Repository $source
        $deleted = New-TestExport "$source/exports/deleted.json" -Tasks 10 -Shift 1 -Day 8 | Add-Export -Project b -Newest -Repository $source
        $null = New-Slice v2 -Repository $source
        $clone = New-Item -ItemType Directory "$TestDrive/clone-of-newest"
        Copy-Item "$source/harvest.json", "$source/slices", "$source/exports" $clone -Recurse

        $repaired = Test-ExportArchive -Repository $clone -Repair -Confirm:$false
        @($repaired.Findings)[-1].Message |
            Should -BeLike "*$($deleted.Sha256.Substring(0, 12)) of project b counts as newer than $($full.Sha256.Substring(0, 12)), since the project's last slice, v2, is made of it*"
        (New-Slice v3 -Repository $clone).Exports.Sha256 | Should -Be $deleted.Sha256
    }
}

Describe 'Test-ExportArchive' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/archive"
        $damaged = Get-Export a -Repository $repository
        $object = "$repository/.harvest/archive/sha256/$($damaged.Sha256.Substring(0, 2))/$($damaged.Sha256)"
    }

    It 'finds a whole archive whole' {
        $report = Test-ExportArchive -Repository $repository
        $report.Whole | Should -BeTrue
        $report.Objects | Should -Be 2
        $report.Findings | Should -BeNullOrEmpty
    }

    It 'finds damage, changes nothing without -Repair or with -WhatIf, and repairs' {
        Set-ItemProperty -LiteralPath $object -Name IsReadOnly -Value $false
        [System.IO.File]::AppendAllText($object, ' ')
        Set-ItemProperty -LiteralPath $object -Name IsReadOnly -Value $true
        $before = Get-FolderState $repository
        $report = Test-ExportArchive -Repository $repository
        $report.Whole | Should -BeFalse
        $report.Findings[0].Kind | Should -Be 'Damaged'
        $report.Findings[0].Subject | Should -Be $damaged.Sha256
        (Test-ExportArchive -Repository $repository -Repair -WhatIf).Whole | Should -BeFalse
        Get-FolderState $repository | Should -Be $before

        $repaired = Test-ExportArchive -Repository $repository -Repair -Confirm:$false
        $repaired.Whole | Should -BeTrue
        $repaired.Findings[0].Repaired | Should -BeTrue
        (Get-FileHash -LiteralPath $object).Hash | Should -Be $damaged.Sha256
        (Test-ExportArchive -Repository $repository).Whole | Should -BeTrue
    }

    It 'names a record in which a bit was flipped, and gives it back' {
        $record = Get-Item "$repository/.harvest/archive/exports/a-*.json"
        $written = [System.IO.File]::ReadAllBytes($record)
        $flipped = $written.Clone()
        $flipped[[System.Text.Encoding]::UTF8.GetString($written).IndexOf('"tasks": ') + 9] = $flipped[[System.Text.Encoding]::UTF8.GetString($written).IndexOf('"tasks": ') + 9] -bxor 1
        [System.IO.File]::WriteAllBytes($record, $flipped)
        Get-Export a -Repository $repository -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'RecordDamaged,*'
        (Test-ExportArchive -Repository $repository).Findings.Kind | Should -Contain 'Unreadable'
        (Test-ExportArchive -Repository $repository -Repair -Confirm:$false).Whole | Should -BeTrue
        [System.IO.File]::ReadAllBytes($record) | Should -Be $written
    }

    It 'names what is damaged of the cache, which is no fault of the archive' {
        $null = New-Slice v1 -Repository $repository
        $part = Get-ChildItem "$repository/.harvest/cache/parts" -Recurse -Filter part.json | Select-Object -First 1
        [System.IO.File]::AppendAllText($part, ' ')
        $report = Test-ExportArchive -Repository $repository
        $report.Whole | Should -BeTrue
        $report.Findings.Kind | Should -Be 'CacheDamaged'
        $null = Test-ExportArchive -Repository $repository -Repair -Confirm:$false
        $part.FullName | Should -Not -Exist
    }

    It 'asks before it repairs' {
        $impact = [HarvestTools.PowerShell.TestExportArchiveCommand].GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact
        $impact | Should -Be 'High'
    }
}
