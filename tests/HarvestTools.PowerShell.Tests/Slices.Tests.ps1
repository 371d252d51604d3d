#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
}

Describe 'A slice without rows' {
    It 'is made, and a warning says where to look' {
        $empty = New-TestRepository "$TestDrive/empty" -Empty
        Set-Content "$empty/none.json" '[{"id":1,"data":{"image":"/a/1.jpg"},"annotations":[{"id":2,"result":[{"id":"r","type":"brushlabels","from_name":"c","to_name":"i","value":{"brushlabels":["x"]}}]}],"project":3}]'
        $null = Add-Export "$empty/none.json" -Repository $empty
        $slice = New-Slice v1 -Repository $empty -WarningVariable warned -WarningAction SilentlyContinue
        $slice.Rows | Should -Be 0
        "$warned" | Should -Be "Slice v1 has no rows. 'Build-Slice v1 -Tally' shows what was dropped, and why."
        $slice | Format-List | Out-String | Should -Match 'Dropped +: 1 unsupported-type'
    }
}

Describe 'New-Slice' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/new"
        Push-Location $repository
    }
    AfterAll { Pop-Location }

    It 'takes the newest export of each project where none is named' {
        $slice = New-Slice v1 -Reason 'the first'
        $slice.Version | Should -Be 'v1'
        $slice.Projects | Should -Be 'a', 'b'
        $slice.Rows | Should -Be 7
        $slice.Reason | Should -Be 'the first'
        $slice.Path | Should -Exist
        Get-Content $slice.Path -Raw | ConvertFrom-Json | ForEach-Object slice_version | Should -Be 'v1'
    }

    It 'returns what was kept and dropped' {
        $slice = New-Slice tallied
        $slice.Tally.Tasks | Should -BeGreaterThan 0
        $slice.Tally.ByTaskSubdir.Keys | Should -Not -BeNullOrEmpty
        $tally = Build-Slice tallied -Tally
        $tally.Version | Should -Be 'tallied'
        $tally.Rows | Should -Be $slice.Tally.Rows
        (Get-Slice tallied).Tally | Should -BeNullOrEmpty
    }

    It 'takes <What> by pipeline' -ForEach @(
        @{ What = 'what Get-Export emits'; Item = { Get-Export b } }
        @{ What = 'hashes'; Item = { (Get-Export b).Sha256 } }
        @{ What = 'beginnings of hashes'; Item = { (Get-Export b).Sha256.Substring(0, 12) } }
        @{ What = 'names of projects'; Item = { 'b' } }
        @{ What = 'paths'; Item = { 'exports/b1.json' } }
        @{ What = 'files'; Item = { Get-Item exports/b1.json } }
        @{ What = 'what Add-Export emits'; Item = { Add-Export exports/b1.json -Project b } }
        @{ What = 'imported objects'; Item = { Get-Export b | Export-Clixml b.xml; Import-Clixml b.xml } }
        @{ What = 'objects with a Sha256'; Item = { [pscustomobject]@{ Sha256 = (Get-Export b).Sha256 } } }
        @{ What = 'a slice'; Item = { $null = New-Slice "of b $(Get-Random)".Replace(' ', '-') -Export b -NoBuild -OutVariable made; $made } }
    ) {
        $slice = & $Item | New-Slice "v$([guid]::NewGuid().ToString('N'))" -NoBuild
        $slice.Projects | Should -Be 'b'
        $slice.Exports.Count | Should -Be 1
    }

    It 'is not made of the same bytes under two projects, which the archive does not take' {
        $twins = New-TestRepository "$TestDrive/twins"
        $faults = (Invoke-Recorded { Add-Export exports/b1.json -Project twin -Repository $twins }).Errors
        $faults.FullyQualifiedErrorId | Should -BeLike 'ProjectHasAnotherName,*'
        (New-Slice of-both -NoBuild -Repository $twins).Projects | Should -Be 'a', 'b'
    }

    It 'takes several exports by pipeline and makes one slice' {
        $slice = Get-Export a, b | New-Slice together -NoBuild
        $slice.Exports.Count | Should -Be 2
    }

    It 'records rules, models, times and the parent' {
        $slice = New-Slice v2 -Export b -Parent v1 -FilterOverride @{ min_pixel_agreement = 3; consensus = 'first'; accept_untouched = $false } `
            -ModelOutput @{ hand = 'models/hand.pt' } -TrainedAt '2026-05-11T14:32:00Z'
        $slice.Parent | Should -Be 'v1'
        $slice.FilterOverride['min_pixel_agreement'] | Should -Be 3
        $slice.FilterOverride['consensus'] | Should -Be 'first'
        $slice.FilterOverride['accept_untouched'] | Should -BeFalse
        $slice.ModelOutput['hand'] | Should -Be 'models/hand.pt'
        $slice.TrainedAt.ToUniversalTime() | Should -Be ([datetime]::new(2026, 5, 11, 14, 32, 0, [DateTimeKind]::Utc))
        (Get-Content $slice.Path -Raw | ConvertFrom-Json).filter_overrides.min_pixel_agreement | Should -Be 3
    }

    It 'pins the eval set, named from the current location' {
        $null = New-Item -ItemType Directory eval
        Set-Content eval/set.json '[]'
        Push-Location eval
        try { $slice = New-Slice with-eval -Export b -EvalSet set.json -NoBuild } finally { Pop-Location }
        $slice.EvalSet | Should -Be 'eval/set.json'
        $slice.EvalSetSha256 | Should -Be (Get-FileHash eval/set.json).Hash
    }

    It 'makes none of the same labels with -IfChanged, and emits nothing' {
        $same = New-TestRepository "$TestDrive/same"
        (New-Slice -Next -IfChanged -NoBuild -Repository $same).Version | Should -Be 'v1'
        $said = @(New-Slice -Next -IfChanged -NoBuild -Repository $same -Verbose 4>&1)
        $said | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] } | Should -BeNullOrEmpty
        "$said" | Should -BeLike '*No slice was made: v1 has the same labels under the same rules.*'
        $null = New-Item -ItemType Directory "$same/slices/v2"
        $made = New-Slice -Next -IfChanged -NoBuild -Repository $same -FilterOverride @{ min_pixel_agreement = 3 } -WarningVariable warnings -WarningAction SilentlyContinue
        $made.Version | Should -Be 'v3'
        "$warnings" | Should -BeLike '*v3 is the next free version after v1: v2 is taken by the folder slices/v2.*'
    }

    It 'takes the next free version, <What>' -ForEach @(
        @{ What = 'with -Next'; Make = { New-Slice -Next -Parent v1 -NoBuild } }
        @{ What = 'without a version'; Make = { New-Slice -Export b -Parent v1 -NoBuild } }
        @{ What = 'from a pipeline'; Make = { Get-Export b | Select-Object -Last 1 | New-Slice -Next -Parent v1 -NoBuild } }
    ) {
        $free = 1..99 | Where-Object { -not (Test-Path "slices/v$_") } | Select-Object -First 1
        $null = New-Item -ItemType Directory "slices/v$free"
        $said = @(& $Make -Verbose 4>&1)
        $slice = $said | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }
        $slice.Version | Should -Be "v$($free + 1)"
        $slice.Parent | Should -Be 'v1'
        Remove-Item "slices/v$free", "slices/$($slice.Version)" -Recurse
    }

    It 'proposes the next free version where one exists' {
        try { New-Slice v1 } catch { $fault = $_ }
        $fault.ErrorDetails.RecommendedAction | Should -Match "'New-Slice v[0-9]+'"
        { New-Slice v9 -Next } | Should -Throw
    }

    It 'refuses rules that changed under their version, also with -WhatIf, until the proposed one is in harvest.json' {
        $folder = New-TestRepository "$TestDrive/redefined"
        Push-Location $folder
        try {
            $null = New-Slice v1
            (Get-Content harvest.json -Raw).Replace('"min_pixel_agreement": 5', '"min_pixel_agreement": 6') | Set-Content harvest.json -NoNewline
            foreach ($make in { New-Slice v2 -WhatIf }, { New-Slice v2 }) {
                $fault = $null
                try { & $make } catch { $fault = $_ }
                $fault.FullyQualifiedErrorId | Should -Be 'HarvestRedefined,HarvestTools.PowerShell.NewSliceCommand'
                "$fault" | Should -Match 'min_pixel_agreement 5 → 6'
                $fault.ErrorDetails.RecommendedAction | Should -Match 'Set harvest.version to "(?<to>[^"]+)" in harvest.json'
            }
            $fault.ErrorDetails.RecommendedAction -match 'Set harvest.version to "(?<to>[^"]+)"' | Should -BeTrue
            $proposed = $Matches.to
            @((Test-SliceDrift v1).Findings | Where-Object Kind -EQ HarvestRedefined)[0].Bump.To | Should -Be $proposed
            (Get-Content harvest.json -Raw).Replace('"v1.0.0"', """$proposed""") | Set-Content harvest.json -NoNewline
            (New-Slice v2).HarvestVersion | Should -Be "harvest@$proposed"
            (Test-SliceDrift).Status | Should -Be 'Clean', 'Clean'
        } finally {
            Pop-Location
        }
    }

    It 'leaves a retired project out without a warning, and says what to type next, which works' {
        $folder = New-TestRepository "$TestDrive/retired"
        Push-Location $folder
        try {
            $first = New-Slice v1
            $null = Set-HarvestProject -Project b -Retired
            $said = New-Slice v2 -Verbose -WarningVariable warned 4>&1
            $warned | Should -BeNullOrEmpty
            $lines = @($said | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message)
            $lines | Should -Contain 'Project b is retired, so v2 is made without it.'
            $next = @($lines -match '^Next: ')
            $next.Count | Should -Be 1
            $next[0] -match '^Next: (?<command>[^,]+), then commit' | Should -BeTrue
            (Invoke-Expression $Matches.command).Status | Should -Be 'Clean'
        } finally {
            Pop-Location
        }
    }

    It 'does not choose a parent past a slice that cannot be read' {
        $null = New-Item -ItemType Directory slices/broken
        Set-Content slices/broken/slice.json '{'
        try {
            { New-Slice v9 } | Should -Throw -ErrorId 'JsonSyntax,*'
            (Invoke-Recorded { Get-Slice }).Errors.FullyQualifiedErrorId | Should -BeLike 'JsonSyntax,*'
        } finally {
            Remove-Item slices/broken -Recurse
        }
    }

    It 'goes on from a slice whose process died before its definition was there' {
        $unfinished = New-TestRepository "$TestDrive/unfinished"
        $null = New-Slice u1 -Repository $unfinished
        $folder = Join-Path $unfinished 'slices/u1'
        $slice = Get-Content -Raw "$folder/slice.json"
        $definition = Get-Content -Raw "$folder/definition.json"
        Remove-Item "$folder/definition.json"
        (New-Slice u1 -Repository $unfinished).Version | Should -Be 'u1'
        Get-Content -Raw "$folder/slice.json" | Should -Be $slice
        Get-Content -Raw "$folder/definition.json" | Should -Be $definition
        { New-Slice u1 -Repository $unfinished } | Should -Throw -ErrorId 'SliceExists,*'
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-FolderState .
        New-Slice v9 -WhatIf | Should -BeNullOrEmpty
        Get-FolderState . | Should -Be $before
    }

    It 'ends with <Id>' -ForEach @(
        @{ Id = 'SliceExists'; Category = 'ResourceExists'; Script = { New-Slice v1 } }
        @{ Id = 'SliceVersionInvalid'; Category = 'InvalidArgument'; Script = { New-Slice 'v/1' } }
        @{ Id = 'SliceNotFound'; Category = 'ObjectNotFound'; Script = { New-Slice v9 -Parent nobody } }
        @{ Id = 'ObjectNotFound'; Category = 'ObjectNotFound'; Script = { New-Slice v9 -Export 0123456789ab } }
        @{ Id = 'ExportUnknown'; Category = 'ObjectNotFound'; Script = { New-Slice v9 -Export 'no such thing' } }
        @{ Id = 'NoExportPiped'; Category = 'InvalidArgument'; Script = { Get-Export zz* | New-Slice v9 } }
        @{ Id = 'ExportNotRecognized'; Category = 'InvalidArgument'; Script = { Get-Date | New-Slice v9 } }
        @{ Id = 'FilterValueInvalid'; Category = 'InvalidArgument'; Script = { New-Slice v9 -FilterOverride @{ min_pixel_agreement = Get-Date } } }
        @{ Id = 'EvalSetNotFound'; Category = 'ObjectNotFound'; Script = { New-Slice v9 -EvalSet no/such.json } }
    ) {
        { & $Script -ErrorAction SilentlyContinue } | Should -Throw -ErrorId "$Id,HarvestTools.PowerShell.NewSliceCommand" -PassThru | ForEach-Object {
            $_.CategoryInfo.Category | Should -Be $Category
            $_.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            "$_" | Should -Not -Match 'System\.|Exception'
        }
        'slices/v9' | Should -Not -Exist
    }

    It 'names an unknown rule and a value out of range' {
        foreach ($rules in @{ min_pixel_agrement = 3 }, @{ boundary_weight = 3 }) {
            $name = @($rules.Keys)[0]
            { New-Slice v9 -FilterOverride $rules } | Should -Throw -PassThru | ForEach-Object { "$_" | Should -Match $name }
        }
        'slices/v9' | Should -Not -Exist
    }

    It 'refuses exports of two repositories' {
        $other = New-TestRepository "$TestDrive/other"
        { @(Get-Export b) + @(Get-Export b -Repository $other) | New-Slice v9 } |
            Should -Throw -ErrorId 'SeveralRepositories,HarvestTools.PowerShell.NewSliceCommand'
    }

    It 'works in the repository that the piped exports come from' {
        $other = New-TestRepository "$TestDrive/elsewhere"
        Push-Location $TestDrive
        try { (Get-Export -Repository $other | New-Slice v1).Repository | Should -Be (Get-Item $other).FullName } finally { Pop-Location }
    }
}

Describe 'Get-Slice' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/get"
        Push-Location $repository
        foreach ($version in 'v1', 'v2', 'v10') { $null = New-Slice $version -NoBuild }
    }
    AfterAll { Pop-Location }

    It 'lists v2 before v10' {
        Get-Slice | ForEach-Object Version | Should -Be 'v1', 'v2', 'v10'
    }

    It 'takes versions, patterns and pipelines' {
        Get-Slice v10, v1 | ForEach-Object Version | Should -Be 'v10', 'v1'
        Get-Slice v1* | ForEach-Object Version | Should -Be 'v1', 'v10'
        'v2' | Get-Slice | ForEach-Object Version | Should -Be 'v2'
        [pscustomobject]@{ Version = 'v2' } | Get-Slice | ForEach-Object Version | Should -Be 'v2'
    }

    It 'reports a missing and a broken one and goes on' {
        $null = New-Item -ItemType Directory slices/v3
        Set-Content slices/v3/slice.json '{"slice_version": "v3"'
        try {
            $result = Invoke-Recorded { Get-Slice v4, v3, v1 }
            $result.Output.Version | Should -Be 'v1'
            $result.Errors[0].FullyQualifiedErrorId | Should -Be 'SliceNotFound,HarvestTools.PowerShell.GetSliceCommand'
            $result.Errors[0].TargetObject | Should -Be 'v4'
            $result.Errors[1].CategoryInfo.Category | Should -Be 'InvalidData'
            "$($result.Errors[1])" | Should -Match 'slice\.json'
            (Invoke-Recorded { Get-Slice }).Output.Version | Should -Be 'v1', 'v2', 'v10'
        } finally {
            Remove-Item slices/v3 -Recurse
        }
    }

    It 'emits the first at once' {
        Get-Slice | Select-Object -First 1 | ForEach-Object Version | Should -Be 'v1'
    }
}

Describe 'Build-Slice' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/build"
        Push-Location $repository
        $null = New-Slice v1
        $null = New-Slice v2 -Reason 'the same exports'
    }
    AfterAll { Pop-Location }

    It 'finds what is there, and gives the same bytes after the cache is gone' {
        $hit = Build-Slice v1
        $hit.Status | Select-Object -Unique | Should -Be 'Hit'
        Remove-Item .harvest/cache -Recurse -Force
        $again = Build-Slice v1
        $again.Status | Select-Object -Unique | Should -Be 'Regenerated'
        $again.Sha256 | Should -Be $hit.Sha256
        foreach ($table in $again) { (Get-FileHash -LiteralPath $table.Path).Hash | Should -Be $table.Sha256 }
        ($again | Where-Object Table -EQ keypoints | Measure-Object Rows -Sum).Sum | Should -Be 7
    }

    It 'changes nothing with -WhatIf' {
        Remove-Item .harvest/cache -Recurse -Force
        Build-Slice v1 -WhatIf | Should -BeNullOrEmpty
        @(Get-ChildItem .harvest -Recurse -Filter *.parquet).Count | Should -Be 0
    }

    It 'builds all where none is named, and from slices' {
        Build-Slice | ForEach-Object Version | Select-Object -Unique | Should -Be 'v1', 'v2'
        Get-Slice v2 | Build-Slice | ForEach-Object Version | Select-Object -Unique | Should -Be 'v2'
    }

    It 'goes on to the check, once a slice' {
        $reports = Get-Slice | Build-Slice | Test-SliceDrift
        $reports.Version | Should -Be 'v1', 'v2'
        $reports.Status | Should -Be 'Clean', 'Clean'
    }

    It 'reports a slice that it does not have and builds the other' {
        $result = Invoke-Recorded { Build-Slice v7, v1 }
        $result.Output.Version | Select-Object -Unique | Should -Be 'v1'
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'SliceNotFound,HarvestTools.PowerShell.BuildSliceCommand'
    }
}
