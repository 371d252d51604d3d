#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    function New-TestLine([string] $Folder) {
        $repository = New-TestRepository $Folder
        $null = New-Slice v1 -Reason 'the first' -Repository $repository
        $null = New-TestExport "$repository/exports/b2.json" -Tasks 9 -FirstTask 100 | Add-Export -Project b -Repository $repository
        $null = New-Slice v2 -Reason "two`nlines" -Repository $repository
        $null = New-Slice v3 -Parent v1 -Export a -Repository $repository
        $repository
    }
}

Describe 'Register-SliceModel' {
    BeforeAll {
        $repository = New-TestLine "$TestDrive/register"
        Push-Location $repository
    }
    AfterAll { Pop-Location }

    It 'records the model, hashes its file and keeps the key' {
        $null = New-Item -ItemType Directory models
        Set-Content models/hand.pt 'weights' -NoNewline
        Push-Location models
        try { $model = Register-SliceModel v1 hand -Path hand.pt -Metric @{ pck = 0.91; auc = '0.5' } -TrainedAt '2026-05-11T14:32:00Z' } finally { Pop-Location }
        $model.Version | Should -Be 'v1'
        $model.Path | Should -Be 'models/hand.pt'
        $model.Sha256 | Should -Be (Get-FileHash models/hand.pt).Hash
        $model.Metrics['pck'] | Should -Be 0.91
        $model.Metrics['auc'] | Should -Be 0.5
        $model.Repository | Should -Be $repository
        (Get-Slice v1).Runs[0].TrainedAt.ToUniversalTime() | Should -Be ([datetime]::new(2026, 5, 11, 14, 32, 0, [DateTimeKind]::Utc))
        Build-Slice v1 | ForEach-Object Status | Select-Object -Unique | Should -Be 'Hit'
    }

    It 'takes slices by pipeline and not their manifest for the artifact' {
        $models = Get-Slice v1, v2 | Register-SliceModel -Name ablation -Tracking https://runs.example.org/42
        $models.Version | Should -Be 'v1', 'v2'
        $models.Path | Should -Be $null, $null
        (Get-Slice v2).Runs[0].Tracking | Should -Be 'https://runs.example.org/42'
    }

    It 'puts a model into production, in the place of another one only where it is confirmed' {
        $repository = New-TestLine "$TestDrive/production"
        Get-ProductionModel -Repository $repository | Should -BeNullOrEmpty
        $null = Register-SliceModel v1 hand s3://models/1.pt -Repository $repository
        $null = Register-SliceModel v2 eye s3://models/2.pt -Repository $repository
        Set-ProductionModel hand -Reason 'the first' -WhatIf -Repository $repository | Should -BeNullOrEmpty
        Get-ProductionModel -Repository $repository | Should -BeNullOrEmpty
        (Set-ProductionModel hand -Reason 'the first' -Confirm:$false -Repository $repository).Version | Should -Be 'v1'
        $null = Get-SliceModel eye -Repository $repository | Set-ProductionModel -Reason 'better' -Confirm:$false
        (Get-ProductionModel -Repository $repository).Name | Should -Be 'eye'
        (Get-ProductionModel -All -Repository $repository).State | Should -Be 'Current', 'Former'
        (Get-SliceModel -Repository $repository | Where-Object Production).Name | Should -Be 'eye'
        Get-SliceHistory -Repository $repository | Out-String | Should -Match 'in production'
        Get-ProductionModel -Repository $repository | Out-String | Should -Match 'better'
    }

    It 'adds to what was registered under the name' {
        $null = Register-SliceModel v2 eye -Path s3://models/eye.pt -Metric @{ pck = 0.5 }
        $again = Register-SliceModel v2 eye -Metric @{ pck = 0.5; auc = 1 }
        $again.Replaced | Should -BeFalse
        $again.Outcome | Should -Be 'Updated'
        $again.Path | Should -Be 's3://models/eye.pt'
        $again.Metrics['pck'], $again.Metrics['auc'] | Should -Be 0.5, 1
        (Register-SliceModel v2 eye -Metric @{ auc = 1 }).Outcome | Should -Be 'Unchanged'
    }

    It 'takes one more name for no later training, and the decision names the date it goes by' {
        $repository = New-TestLine "$TestDrive/trained"
        $null = Register-SliceModel v1 hand s3://models/1.pt -TrainedAt '2026-05-01T10:00:00Z' -Repository $repository
        $null = Register-SliceModel v2 hand s3://models/2.pt -TrainedAt '2026-06-01T10:00:00Z' -Repository $repository
        $said = Register-SliceModel v1 extra s3://models/x.pt -Repository $repository -Verbose -WarningVariable warned 4>&1
        $warned | Should -BeNullOrEmpty
        "$said" | Should -Match 'registered, trained 2026-05-01 10:00 UTC, the training date that v1 has already'
        (Get-SliceSource v1 -Repository $repository).Models.Name | Should -Contain 'extra'
        $decision = Get-RetrainDecision -Repository $repository
        $decision.TrainedSlice, $decision.TrainedModel | Should -Be 'v2', 'hand'
        ($decision | Format-List | Out-String -Width 120) -replace '\s+', ' ' | Should -Match 'Trained last: v2, 2026-06-01 10:00 UTC, the training date of model hand\.'
        $null = Register-SliceModel v3 late s3://models/3.pt -Repository $repository -WarningVariable late -WarningAction SilentlyContinue
        $late | Should -BeNullOrEmpty
    }

    It 'warns where the time of registering makes an older slice the one trained last' {
        $repository = New-TestLine "$TestDrive/overtaking"
        $null = New-Slice side -Parent v1 -Repository $repository
        $null = New-Slice v9 -Parent v2 -Repository $repository
        $null = Register-SliceModel v9 hand s3://models/9.pt -TrainedAt '2026-06-01T10:00:00Z' -Repository $repository
        $null = Register-SliceModel side hand s3://models/1.pt -Repository $repository -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match 'Slice side counts as trained last now, though v9 was made after it'
        (Get-RetrainDecision -Repository $repository).TrainedSlice | Should -Be 'side'
        $null = Register-SliceModel side hand -TrainedAt '2026-05-01T10:00:00Z' -Repository $repository
        (Get-RetrainDecision -Repository $repository).TrainedSlice | Should -Be 'v9'
    }

    It 'refuses another artifact, other bytes and another value unless -Force says so' {
        Set-Content models/ear.pt 'weights of ear' -NoNewline
        $null = Register-SliceModel v2 ear -Path models/ear.pt -Metric @{ pck = 0.5 }
        { Register-SliceModel v2 ear -Path s3://models/ear.pt -ErrorAction Stop } | Should -Throw -ErrorId 'ModelRegistered,*'
        { Register-SliceModel v2 ear -Metric @{ pck = 0.6 } -ErrorAction Stop } | Should -Throw -ErrorId 'ModelRegistered,*'
        Set-Content models/ear.pt 'other weights' -NoNewline
        $fault = (Invoke-Recorded { Register-SliceModel v2 ear -Path models/ear.pt -Metric @{ pck = 0.6 } }).Errors[0]
        $fault.CategoryInfo.Category | Should -Be 'ResourceExists'
        $fault.ErrorDetails.RecommendedAction -match "replace the one that is registered with '(.*)'\.$" | Should -BeTrue

        # What the remedy prints is run as it is printed.
        $forced = Invoke-Expression $Matches[1]
        $forced.Replaced | Should -BeTrue
        $forced.Sha256 | Should -Be (Get-FileHash models/ear.pt).Hash
        $forced.Metrics['pck'] | Should -Be 0.6
    }

    It 'refuses the file of a model of another slice unless -Force says so' {
        Set-Content models/own.pt 'weights of own' -NoNewline
        $null = Register-SliceModel v1 own -Path models/own.pt
        $fault = (Invoke-Recorded { Register-SliceModel v2 owned -Path models/own.pt }).Errors[0]
        $fault.FullyQualifiedErrorId | Should -BeLike 'ModelOfAnotherSlice,*'
        $fault.ErrorDetails.RecommendedAction -match "say so with '(.*)'\.$" | Should -BeTrue
        (Invoke-Expression $Matches[1]).Version | Should -Be 'v2'
    }

    It 'goes on after a slice that is not there' {
        $result = Invoke-Recorded { Register-SliceModel v0, v1 late }
        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'SliceNotFound,*'
        $result.Output.Version | Should -Be 'v1'
    }

    It 'refuses the metric <Value>' -ForEach @(@{ Value = 'high' }, @{ Value = $true }, @{ Value = $null }) {
        { Register-SliceModel v1 hand -Metric @{ pck = $Value } } | Should -Throw -ErrorId 'MetricInvalid,*'
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-FolderState slices
        Register-SliceModel v1 other -WhatIf | Should -BeNullOrEmpty
        Get-FolderState slices | Should -Be $before
    }
}

Describe 'Get-SliceHistory' {
    BeforeAll {
        $repository = New-TestLine "$TestDrive/history"
        $null = Register-SliceModel v1 hand -Path s3://hand.pt -Metric @{ pck = 0.91 } -Repository $repository
        Push-Location $repository
    }
    AfterAll { Pop-Location }

    It 'tells each slice before the one it follows' {
        $history = Get-SliceHistory
        $history.Version | Should -Be 'v3', 'v2', 'v1'
        $history.Parent | Should -Be 'v1', 'v1', $null
        ($history | Where-Object Version -EQ v2).RowsDelta | Should -Be 5
        ($history | Where-Object Version -EQ v1).Models.Name | Should -Be 'hand'
    }

    It 'draws the graph' {
        $style = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try { $lines = (Get-SliceHistory | Out-String -Width 200) -split '\r?\n' | Where-Object { $_ } } finally { $PSStyle.OutputRendering = $style }
        $lines[0] | Should -BeLike '`* v3  just now, 3 rows (-4)  harvest@v1.0.0'
        $lines[1] | Should -BeLike '| `* v2  just now, 12 rows (+5)  harvest@v1.0.0'
        $lines[2] | Should -Be '| |   two lines'
        $lines[3] | Should -Be '|/'
        $lines[4] | Should -BeLike '`* v1  just now, 7 rows  harvest@v1.0.0'
        $lines[5] | Should -Be '    the first'
        $lines[6] | Should -Be '    hand  pck 0.91  s3://hand.pt'
    }

    It 'shows a table where one is asked for' {
        (Get-SliceHistory | Format-Table | Out-String) | Should -Match 'Version +Parent +Created +Rows +Delta'
    }

    It 'tells of a broken manifest and goes on' {
        $null = New-Item -ItemType Directory slices/broken
        Set-Content slices/broken/slice.json '{'
        try {
            $result = Invoke-Recorded { Get-SliceHistory }
            $result.Errors.Count | Should -Be 1
            $result.Output.Version | Should -Be 'v3', 'v2', 'v1'
            $models = Invoke-Recorded { Get-SliceModel }
            $models.Errors.FullyQualifiedErrorId | Should -BeLike 'JsonSyntax,*'
            (Invoke-Recorded { Get-SliceModel none-of-that-name }).Errors.Count | Should -Be 1
            $models.Output.Count | Should -Be @(Get-SliceModel -Version v1, v2, v3).Count
        } finally {
            Remove-Item slices/broken -Recurse
        }
    }
}

Describe 'Get-SliceSource' {
    BeforeAll {
        $repository = New-TestLine "$TestDrive/source"
        Push-Location $repository
        $null = New-Item -ItemType Directory models
        Set-Content models/hand.pt 'weights' -NoNewline
        $null = Register-SliceModel v2 hand -Path models/hand.pt
    }
    AfterAll { Pop-Location }

    It 'tells the exports behind a slice' {
        $sources = Get-SliceSource v2
        $sources.Project | Should -Be 'a', 'b'
        $sources.Rows | Should -Be 3, 9
        $sources[0].Models.Name | Should -Be 'hand'
        $sources[0].Repository | Should -Be $repository
    }

    It 'lists each correction with task, annotation, annotators, date and rows' {
        $sources = Get-SliceSource v2
        $sources[1].Tasks | Should -BeGreaterThan 0
        $sources[1].Annotations | Should -BeGreaterThan 0
        $sources[1].Annotators | Should -Be '1'
        $corrections = @(Get-SliceSource v2 -Correction)
        ($corrections | Measure-Object Rows -Sum).Sum | Should -Be ($sources | Measure-Object CorrectedRows -Sum).Sum
        $corrections.Count | Should -BeGreaterThan 1
        $corrections.Version | Select-Object -Unique | Should -Be 'v2'
        $corrections[0].TaskId | Should -BeGreaterThan 0
        $corrections[0].AnnotationId | Should -BeGreaterThan 0
        $corrections[0].Annotators | Should -Be '1'
        ($corrections | Out-String) | Should -Match 'Annotation Annotators'
        @(Get-SliceSource -Episode fold_towel/episode_0035 -Correction).Episode | Select-Object -Unique | Should -Be 'episode_0035'
    }

    It 'has the dates that the exports have' {
        $dated = New-TestRepository "$TestDrive/dated" -Empty
        $null = New-TestExport "$dated/exports/b1.json" -Tasks 2 -Day 3 | Add-Export -Project b -Repository $dated
        $null = New-Slice v1 -Repository $dated
        (Get-SliceSource v1 -Repository $dated).LabelsThrough.UtcDateTime | Should -Be ([datetime]'2026-05-03T12:00:00')
        (Get-SliceSource v1 -Correction -Repository $dated).UpdatedAt.UtcDateTime | Should -Be (@([datetime]'2026-05-03T12:00:00') * 2)
    }

    It 'takes slices by pipeline' {
        (Get-Slice v1, v3 | Get-SliceSource).Version | Should -Be 'v1', 'v1', 'v3'
    }

    It 'finds a model by <What>' -ForEach @(
        @{ What = 'its name'; Model = 'hand' }
        @{ What = 'its path'; Model = 'models/hand.pt' }
        @{ What = 'the bytes of a copy'; Model = 'elsewhere/copy.pt' }
    ) {
        $null = New-Item -ItemType Directory -Force elsewhere
        Copy-Item models/hand.pt elsewhere/copy.pt
        Get-SliceSource -Model $Model | ForEach-Object Version | Select-Object -Unique | Should -Be 'v2'
    }

    It 'tells which slices an episode reached' {
        (Get-SliceSource -Episode fold_towel/episode_0035).Version | Should -Be 'v2'
        (Get-SliceSource -Episode episode_0033).Version | Should -Be 'v1', 'v2'
    }

    It 'goes forward from a person, and from a row to its annotation' {
        $rows = @(Get-SliceSource v2 -Row)
        ($rows | Measure-Object).Count | Should -Be ((Get-SliceSource v2).Rows | Measure-Object -Sum).Sum
        $row = $rows[0]
        $share = Get-SliceSource -Annotator $row.Annotators[0] | Where-Object { $_.Version -eq 'v2' -and $_.Project -eq $row.Project }
        $share.Rows | Should -Be @($rows | Where-Object { $_.Project -eq $row.Project -and $_.Annotators -contains $row.Annotators[0] }).Count
        (Get-SliceSource -AnnotationId $row.AnnotationId -Project $row.Project).Version | Should -Contain 'v2'
        (Get-SliceSource -TaskId $row.TaskId -Project $row.Project -Row | Where-Object Version -EQ 'v2' | Select-Object -ExpandProperty TaskId -Unique) | Should -Be $row.TaskId
    }

    It 'blames rows as they come from other commands' {
        $blamed = Get-SliceSource v2 -Row | Select-Object -First 1 | Get-SliceBlame | Select-Object -First 1
        $blamed.First.Version | Should -Be 'v1'
        $blamed.First.Annotators | Should -Not -BeNullOrEmpty
        { Get-SliceBlame v2 nobody -ErrorAction Stop } | Should -Throw -ErrorId 'RowUnknown*'
    }

    It 'finds an episode in all slices' {
        (Get-SliceSource -Episode episode_0033).Version | Should -Be 'v1', 'v2'
        $result = Invoke-Recorded { Get-SliceSource -Episode never, fold_towel/episode_0035 }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'EpisodeUnknown,HarvestTools.PowerShell.GetSliceSourceCommand'
        $result.Output.Version | Should -Be 'v2'
    }

    It 'gives what slice.json has where the exports are not on this machine' {
        $before = Get-SliceSource v2
        $clone = New-Item -ItemType Directory "$TestDrive/clone"
        Copy-Item harvest.json, slices $clone -Recurse
        Push-Location $clone
        try {
            $sources = Get-SliceSource v2
            $sources.Sha256 | Should -Be $before.Sha256
            $sources.Rows | Should -Be 3, 9
            $sources[0].Models.Name | Should -Be 'hand'
            $sources[0].Episodes | Should -BeNullOrEmpty
            $sources[0].CorrectedRows | Should -BeNullOrEmpty
            $sources[0].NotKnown | Should -Match 'not known here'
            ($sources | Format-List | Out-String) | Should -Match 'NotKnown'
            $sources | Out-String | Should -Match 'hand'
            (Invoke-Recorded { Get-SliceSource -Episode episode_0033 }).Errors.FullyQualifiedErrorId | Should -BeLike 'SourceNotTraceable,*'
            $comparison = Compare-Slice v1 v2
            $comparison.Rows | Should -BeNullOrEmpty
            $comparison.Exports.Count | Should -BeGreaterThan 0
            $comparison.Tables | Where-Object Table -EQ keypoints | ForEach-Object { $_.Difference - $_.Reference } | Should -BeGreaterThan 0
            ($comparison | Out-String) | Should -Match 'Which rows differ is not known'
            $comparison | Format-Table | Out-String | Should -Match 'v2'
            (Get-SliceHistory).Version | Should -Be 'v3', 'v2', 'v1'
        } finally {
            Pop-Location
        }
    }

    It 'warns once of each slice why cells are blank in a clone, and says once what to do' {
        $clone = New-Item -ItemType Directory "$TestDrive/clone2"
        Copy-Item harvest.json, slices $clone -Recurse
        Push-Location $clone
        try {
            foreach ($corrections in $false, $true) {
                $sources = Get-SliceSource v1, v2 -Correction:$corrections -WarningVariable warnings -WarningAction SilentlyContinue
                $warnings.Count | Should -Be 2
                $lines = "$($warnings[1])" -split [Environment]::NewLine
                "$($warnings[0])" | Should -BeLike 'v1, project *not known here: Slice v1 needs export*'
                $lines[0] | Should -BeLike 'v2, project a: *not known here: Slice v2 needs export * of project a*'
                "$warnings" -split 'Copy .harvest/archive from a machine that has it, or put the exports at their recorded paths.', 0, 'SimpleMatch' |
                    Should -HaveCount 2
                if ($corrections) { $sources | Should -BeNullOrEmpty }
                else { $sources.Remedy | Select-Object -Unique | Should -BeExactly 'Copy .harvest/archive from a machine that has it, or put the exports at their recorded paths.' }
            }
        } finally {
            Pop-Location
        }

        # Where all is here, nothing is warned of.
        Get-SliceSource v1 -WarningVariable none | Where-Object { $null -ne $_.Remedy } | Should -BeNullOrEmpty
        $none | Should -BeNullOrEmpty
    }

    It 'does not take a file that was overwritten for the model before' {
        Set-Content models/foot.pt 'weights of a foot' -NoNewline
        $null = Register-SliceModel v3 foot -Path models/foot.pt
        Set-Content models/foot.pt 'other weights' -NoNewline
        $result = Invoke-Recorded { Get-SliceSource -Model models/foot.pt, foot }
        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'ModelOverwritten,*'
        $result.Errors.ErrorDetails.RecommendedAction | Should -BeLike '*Register-SliceModel*'
        $result.Output.Version | Select-Object -Unique | Should -Be 'v3'
        $report = Test-SliceDrift v3 -Quick
        $report.Status, $report.Findings.Kind, $report.Findings.Severity | Should -Be 'Clean', 'ModelChanged', 'Warning'
        ($report | Out-String) | Should -Match 'foot'
    }

    It 'suggests the name that is near: <Script>' -ForEach @(
        @{ Script = { Get-SliceSource -Model hnad }; Id = 'ModelUnknown'; Name = 'hand' }
        @{ Script = { Get-SliceSource -Episode episod_0035 }; Id = 'EpisodeUnknown'; Name = 'episode_0035' }
        @{ Script = { Get-SliceSource -Episode fold_towl/episode_0035 }; Id = 'EpisodeUnknown'; Name = 'fold_towel/episode_0035' }
        @{ Script = { Find-SliceRegression pck -Model hnad }; Id = 'ModelNotRegistered'; Name = 'hand' }
    ) {
        $fault = @((Invoke-Recorded { try { & $Script } catch { $_ } }).Errors)[0]
        $fault.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$fault" | Should -BeLike "*Did you mean '$Name'*"
        "$((Invoke-Recorded { Get-SliceSource -Model qqqq }).Errors[0])" | Should -Not -BeLike '*Did you mean*'
    }

    It 'says that no slice has the model' {
        $result = Invoke-Recorded { Get-SliceSource -Model none, hand }
        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'ModelUnknown,*'
        $result.Output.Version | Select-Object -Unique | Should -Be 'v2'
    }
}

Describe 'Find-SliceRegression' {
    BeforeAll {
        $repository = New-TestLine "$TestDrive/regression"
        Push-Location $repository
        $null = Register-SliceModel v1 hand -Metric @{ pck = 0.91; loss = 0.2; same = 1 }
        $null = Register-SliceModel v2 hand -Metric @{ pck = 0.87; loss = 0.3; same = 1 }
    }
    AfterAll { Pop-Location }

    It 'names the slice and what entered with it' {
        $found = Find-SliceRegression pck
        $found.Version | Should -Be 'v2'
        $found.Previous | Should -Be 'v1'
        $found.Repository | Should -Be $repository
        $found.Suspects.Exports.Path | Should -Be 'exports/b2.json'
        $found.Suspects.Exports.Tasks.Added | Should -Be 5
        $text = $found | Out-String -Width 200
        $text | Should -Match 'fell in v2: 0.87, after 0.91 in v1'
        $text | Should -Match 'export replaced  b  exports/b2.json  5 labelled tasks added, 0\s+removed, 0 relabelled'
    }

    It 'takes metrics by pipeline and tells of each' {
        $found = 'pck', 'same' | Find-SliceRegression
        $found.Regressed | Should -Be $true, $false
        (Find-SliceRegression loss -LowerIsBetter).Version | Should -Be 'v2'
        (Find-SliceRegression pck -Tolerance 0.04).Regressed | Should -BeFalse
        (Find-SliceRegression pck -Model hand -Good v1 -Bad v2).Version | Should -Be 'v2'
    }

    It 'goes on after a metric that nobody registered' {
        $result = Invoke-Recorded { Find-SliceRegression psnr, pck }
        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'MetricUnknown,*'
        $result.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $result.Output.Version | Should -Be 'v2'
    }

    It 'completes metrics' {
        $line = 'Find-SliceRegression p'
        $found = (TabExpansion2 $line $line.Length).CompletionMatches
        $found.CompletionText | Should -Be 'pck'
        $found.ToolTip | Should -Be 'on 2 slices, 0.87 in v2'
    }
}

Describe 'Export-SliceReport' {
    BeforeAll {
        $repository = New-TestLine "$TestDrive/report"
        Push-Location $repository
    }
    AfterAll { Pop-Location }

    It 'writes one page, told from the current location' {
        $null = New-Item -ItemType Directory pages
        Push-Location pages
        try { $written = Export-SliceReport out.html } finally { Pop-Location }
        $written.Path | Should -Be (Get-Item pages/out.html).FullName
        $written.Slices | Should -Be 3
        $written.Drifted | Should -BeNullOrEmpty
        Get-Content pages/out.html -Raw | Should -Match '<bdi class="name">v3</bdi>'
    }

    It 'shows what drifted with <Switch>' -ForEach @(@{ Switch = 'Check' }, @{ Switch = 'Quick' }) {
        $with = @{ $Switch = $true }
        (Export-SliceReport checked.html @with).Drifted | Should -Be 0
        Set-Content exports/b2.json '[]'
        $drifted = Export-SliceReport checked.html @with
        $drifted.Drifted | Should -BeGreaterThan 0
        Get-Content checked.html -Raw | Should -Match 'ExportRewritten'
        $null = New-TestExport exports/b2.json -Tasks 9 -FirstTask 100
    }

    It 'writes nothing with -WhatIf' {
        Export-SliceReport none.html -WhatIf | Should -BeNullOrEmpty
        'none.html' | Should -Not -Exist
    }
}
