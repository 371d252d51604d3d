#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $task = '{"id":1,"data":{"image":"/e/1.jpg"},"annotations":[{"id":2,"result":[{"id":"r","type":"keypointlabels","from_name":"k","to_name":"i","original_width":10,"original_height":10,"value":{"x":1,"y":2,"keypointlabels":["a"]}}]}],"project":3}'

    # What an export can be at fault with; every one is an error of that file, and the others go on.
    $exports = @(
        @{ Id = 'ExportEmpty'; Text = '' }
        @{ Id = 'ExportTruncated'; Text = "[$task" }
        @{ Id = 'ExportTruncated'; Text = "[$($task.Substring(0, 90))" }
        @{ Id = 'ExportTrailingData'; Text = "[$task] x" }
        @{ Id = 'ExportCommaMissing'; Text = "[$task $task]" }
        @{ Id = 'ExportTaskNotAnObject'; Text = '[1]' }
        @{ Id = 'ExportNotAnArray'; Text = '"text"' }
        @{ Id = 'ExportMalformed'; Text = '[{"id":1,,}]' }
        @{ Id = 'ExportIsSingleTask'; Text = $task }
        @{ Id = 'ExportIsJsonLines'; Text = "$task`n$($task.Replace('"id":1', '"id":5'))" }
        @{ Id = 'ExportIsCoco'; Text = '{"images":[],"categories":[],"annotations":[]}' }
        @{ Id = 'ExportIsJsonMin'; Text = '[{"image":"/e/1.jpg","id":1,"kp":[{"x":1,"y":2,"keypointlabels":["a"],"original_width":10,"original_height":10}],"annotator":1,"annotation_id":2}]' }
        @{ Id = 'ExportIsWebhook'; Text = "{""action"":""ANNOTATION_CREATED"",""task"":$task,""annotation"":{},""project"":{}}" }
        @{ Id = 'ExportNotUtf8'; Bytes = [byte[]](0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00) }
        @{ Id = 'ExportInvalidUtf8'; Bytes = [byte[]]([System.Text.Encoding]::ASCII.GetBytes('[{"id":1,"data":{"image":"')) + [byte[]](0xC3, 0x28) + [byte[]]([System.Text.Encoding]::ASCII.GetBytes('"},"annotations":[]}]')) }
        @{ Id = 'ExportPackedDamaged'; Bytes = [byte[]](0x50, 0x4B, 0x03, 0x04, 0x14, 0x00) }
        @{ Id = 'ExportIsPacked'; Bytes = [byte[]]([System.Text.Encoding]::ASCII.GetBytes('BZh91AY&SY')) }
        @{ Id = 'ExportIsLfsPointer'; Text = "version https://git-lfs.github.com/spec/v1`r`noid sha256:$('a' * 64)`r`nsize 12`r`n" }
        @{ Id = 'ExportIsDvcFile'; Text = "outs:`n- md5: $('a' * 32)`n  size: 12`n  path: a.json`n" }
        @{ Id = 'ExportIsApiError'; Text = '{"detail":"Invalid token."}' }
        @{ Id = 'ExportIsApiPage'; Text = "{""tasks"":[$task],""total"":1}" }
        @{ Id = 'ExportIsWebPage'; Text = '<html><body>Log in</body></html>' }
        @{ Id = 'ExportIsAnnotation'; Text = '{"id":2,"completed_by":1,"result":[],"task":{"id":1}}' }
        @{ Id = 'ExportIsCsv'; Text = "id;image;annotator`n1;a.jpg;1`n" }
        @{ Id = 'ExportIsYaml'; Text = "---`nname: a`n" }
        @{ Id = 'ExportValueUnusable'; Text = $task.Replace('"x":1', '"x":1e999').Insert(0, '[') + ']' }
        @{ Id = 'ExportNestedTooDeep'; Text = '[' + $task.Replace('"/e/1.jpg"', ('[' * 5000) + (']' * 5000)) + ']' }
    )

    # What a hand can do to slice.json.
    $hash = 'a' * 64
    $good = "{ ""slice_version"": ""v1"", ""exports"": [ { ""project"": ""a"", ""sha256"": ""$hash"" } ], ""harvest_version"": ""harvest@v1.0.0"" }"
    $manifests = @(
        @{ Id = 'JsonSyntax'; Text = $good.Replace('}', '') }
        @{ Id = 'MergeConflict'; Text = $good.Replace(', "exports"', ",`n<<<<<<< HEAD`n""reason"": ""a"",`n=======`n""reason"": ""b"",`n>>>>>>> other`n""exports""") }
        @{ Id = 'DuplicateKey'; Text = $good.Replace('"slice_version"', '"slice_version": "v1", "slice_version"') }
        @{ Id = 'FieldMissing'; Text = $good.Replace('"harvest_version"', '"other"') }
        @{ Id = 'FieldInvalid'; Text = $good.Replace('"harvest@v1.0.0"', '7') }
        @{ Id = 'HashPlaceholder'; Text = $good.Replace($hash, 'abc123...') }
        @{ Id = 'HashInvalid'; Text = $good.Replace($hash, $hash.Substring(1)) }
        @{ Id = 'SliceVersionMismatch'; Text = $good.Replace('"v1"', '"v2"') }
        @{ Id = 'PathLeavesRepository'; Text = $good.Replace('"project"', '"path": "../x.json", "project"') }
    )

    # What a hand can do to harvest.json.
    $settings = @(
        @{ Id = 'JsonSyntax'; From = '{'; To = '[' }
        @{ Id = 'MergeConflict'; From = '{'; To = "{`n<<<<<<< HEAD`n=======`n>>>>>>> other`n" }
        @{ Id = 'UnknownKey'; From = 'min_pixel_agreement'; To = 'min_pixels' }
        @{ Id = 'FieldInvalid'; From = '"min_pixel_agreement": 5'; To = '"min_pixel_agreement": -1' }
        @{ Id = 'UnknownKey'; From = '"slices"'; To = '"slizes"' }
        @{ Id = 'UnknownKey'; From = '"min_delta"'; To = '"min_deltas"' }
        @{ Id = 'FieldInvalid'; From = '"min_delta": 0.1'; To = '"min_delta": -1' }
        @{ Id = 'FieldInvalid'; From = '"min_delta": 0.1'; To = '"min_delta": "much"' }
    )

    # What can be asked for in vain, in a repository with the slices v1 and v2.
    $commands = @(
        @{ Id = 'SliceNotFound'; Script = { Get-Slice v9 } }
        @{ Id = 'SliceVersionInvalid'; Script = { Get-Slice 'v 9' } }
        @{ Id = 'SliceVersionInvalid'; Script = { New-Slice '../v9' } }
        @{ Id = 'SliceExists'; Script = { New-Slice v1 } }
        @{ Id = 'SliceDiffersByCase'; Script = { New-Slice V1 } }
        @{ Id = 'SliceNotFound'; Script = { New-Slice v9 -Parent v8 } }
        @{ Id = 'ProjectNameInvalid'; Script = { Add-Export exports/a1.json -Project 'a/b' } }
        @{ Id = 'ProjectDiffersByCase'; Script = { Add-Export exports/a1.json -Project A } }
        @{ Id = 'LabelConfigNotXml'; Script = { Add-Export exports/a1.json -LabelConfig exports/a1.json } }
        @{ Id = 'LabelConfigMalformed'; Script = { Set-Content bad.xml '<View>'; Add-Export exports/a1.json -LabelConfig bad.xml } }
        @{ Id = 'LabelConfigHasNoTags'; Script = { Set-Content bad.xml '<View/>'; Add-Export exports/a1.json -LabelConfig bad.xml } }
        @{ Id = 'PathNotFound'; Script = { Add-Export exports/a1.json -LabelConfig nothing.xml } }
        @{ Id = 'ProjectNotRead'; Script = { Add-Export exports/a1.json -NoLabels } }
        @{ Id = 'ProjectUnknown'; Script = { Set-Content exports/none.json '[{"id":1,"data":{"image":"/e/1.jpg"},"annotations":[]}]'; Add-Export exports/none.json } }
        @{ Id = 'ProjectNotFound'; Script = { Get-Export nobody } }
        @{ Id = 'RestoreUnknown'; Script = { Restore-Export nobody } }
        @{ Id = 'RestoreFolderNeeded'; Script = { Restore-Export -Version v1 -Destination nowhere } }
        @{ Id = 'RestoreTargetDiffers'; Script = { Restore-Export a -Destination harvest.json } }
        @{ Id = 'SliceNeeded'; Script = { Remove-Slice v1 -Confirm:$false } }
        @{ Id = 'TaskUnknown'; Script = { Get-SliceSource -TaskId 999999 } }
        @{ Id = 'AnnotationUnknown'; Script = { Get-SliceSource -AnnotationId 999999 } }
        @{ Id = 'AnnotatorUnknown'; Script = { Get-SliceSource -Annotator 999999 } }
        @{ Id = 'MediumUnknown'; Script = { Get-SliceSource -Medium none.jpg -Row } }
        @{ Id = 'ExportNotInSlices'; Script = { Get-SliceSource -Export none.json } }
        @{ Id = 'RowUnknown'; Script = { Get-SliceBlame v1 nobody } }
        @{ Id = 'EpisodeUnknown'; Script = { Get-SliceSource -Episode nobody } }
        @{ Id = 'ExportUnknown'; Script = { New-Slice v9 -Export qqq } }
        @{ Id = 'ExportUnknown'; Script = { New-Slice v9 -Export bb -WhatIf } }
        @{ Id = 'SliceExists'; Script = { New-Slice v1 -WhatIf } }
        @{ Id = 'ObjectNotFound'; Script = { Compare-Export exports/a1.json abcd1234 } }
        @{ Id = 'ExportsOverlap'; Script = { Get-Export b | New-Slice v9 } }
        @{ Id = 'PreferredNotInSlice'; Script = { Get-Export b | New-Slice v9 -Prefer ffff } }
        @{ Id = 'UnknownKey'; Script = { New-Slice v9 -FilterOverride @{ nothing = 1 } } }
        @{ Id = 'FieldInvalid'; Script = { New-Slice v9 -FilterOverride @{ boundary_weight = 7 } } }
        @{ Id = 'FilterValueInvalid'; Script = { New-Slice v9 -FilterOverride @{ boundary_weight = @(1, 2) } } }
        @{ Id = 'EvalSetNotFound'; Script = { New-Slice v9 -EvalSet nothing.txt } }
        @{ Id = 'EvalSetUnnamed'; Script = { Lock-EvalSet } }
        @{ Id = 'EvalSetNotFound'; Script = { Lock-EvalSet nothing.txt } }
        @{ Id = 'PathLeavesRepository'; Script = { Lock-EvalSet ../nothing.txt } }
        @{ Id = 'NothingToErase'; Script = { Get-ErasurePlan -Annotator 999 } }
        @{ Id = 'NothingToErase'; Script = { New-ErasurePlan -Episode nobody -WhatIf } }
        @{ Id = 'ErasureNotPlanned'; Script = { Remove-ErasedExport -Annotator 1 -Confirm:$false } }
        @{ Id = 'ModelNotRegistered'; Script = { Set-ProductionModel nobody -Reason why -WhatIf } }
        @{ Id = 'ModelNotOfSlice'; Script = { Set-ProductionModel hand -Version v2 -Reason why -WhatIf } }
        @{ Id = 'PromotionReasonMissing'; Script = { Set-ProductionModel hand -Reason ' ' -WhatIf } }
        @{ Id = 'ModelNameReserved'; Script = { Register-SliceModel v1 production } }
        @{ Id = 'ModelNotFound'; Script = { Register-SliceModel v1 m nothing.pt } }
        @{ Id = 'ModelNameMissing'; Script = { Register-SliceModel v1 ' ' } }
        @{ Id = 'MetricNotFinite'; Script = { Register-SliceModel v1 m -Metric @{ pck = [double]::NaN } } }
        @{ Id = 'MetricInvalid'; Script = { Register-SliceModel v1 m -Metric @{ pck = 'good' } } }
        @{ Id = 'ModelHashInvalid'; Script = { Register-SliceModel v1 m s3://b/m.pt -ArtifactSha256 abc } }
        @{ Id = 'ModelHashAlone'; Script = { Register-SliceModel v1 m -ArtifactSha256 ('a' * 64) } }
        @{ Id = 'CommitUnknown'; Script = { Register-SliceModel v1 m -Commit nothing } }
        @{ Id = 'PinnedFileNotFound'; Script = { Register-SliceModel v1 m -Dependency nothing.txt } }
        @{ Id = 'PinnedFileOutside'; Script = { New-Slice v99 -PinFile ../nothing.txt } }
        @{ Id = 'ParameterFileUnknown'; Script = { Set-Content p.toml 'a = 1'; New-Slice v99 -PinParameter p.toml } }
        @{ Id = 'ParameterKeyUnknown'; Script = { Set-Content p.json '{}'; New-Slice v99 -PinParameter p.json:train } }
        @{ Id = 'ParameterOutOfRange'; Script = { Set-Content p.yaml 'a: 1e400'; New-Slice v99 -PinParameter p.yaml } }
        @{ Id = 'ParameterKeyTwice'; Script = { Set-Content p.json '{ "a.b": 1, "a": { "b": 2 } }'; New-Slice v99 -PinParameter p.json } }
        @{ Id = 'ParameterFileTooLarge'; Script = { Set-Content p.yaml "a: $('[' * 99)$(']' * 99)"; New-Slice v99 -PinParameter p.yaml } }
        @{ Id = 'YamlMalformed'; Script = { Set-Content p.yaml "a: 1`na: 2"; New-Slice v99 -PinParameter p.yaml } }
        @{ Id = 'SeedInvalid'; Script = { Register-SliceModel v1 m -Seed many } }
        @{ Id = 'MlflowRunOfNobody'; Script = { Get-SliceModel -MlflowRun nobody } }
        @{ Id = 'MlflowOffline'; Script = { Register-SliceModel v1 m -Mlflow -Offline } }
        @{ Id = 'MlflowPlaceUnsupported'; Script = { $env:MLFLOW_TRACKING_URI = 'sqlite:///x.db'; try { Register-SliceModel v1 m -Mlflow } finally { $env:MLFLOW_TRACKING_URI = $null } } }
        @{ Id = 'ModelNotRegistered'; Script = { Get-SliceModel nobody } }
        @{ Id = 'ModelUnknown'; Script = { Get-SliceSource -Model nobody } }
        @{ Id = 'ModelFileUnknown'; Script = { Get-SliceSource -Model exports/a1.json } }
        @{ Id = 'ModelRegistered'; Script = { Register-SliceModel v1 hand -Metric @{ once = 2 } } }
        @{ Id = 'ModelOverwritten'; Script = { Set-Content ow.pt one; $null = Register-SliceModel v1 ow ow.pt; Set-Content ow.pt two; Get-SliceSource -Model ow.pt } }
        @{ Id = 'ModelNotRegistered'; Script = { Find-SliceRegression nothing -Model nobody } }
        @{ Id = 'MetricUnknown'; Script = { Find-SliceRegression nothing } }
        @{ Id = 'MetricTooRare'; Script = { Find-SliceRegression once } }
        @{ Id = 'RetrainStateOutOfRange'; Script = { Get-RetrainDecision -CorrectedEpisodes -1 -Corpus 5 } }
        @{ Id = 'TaskCountInvalid'; Script = { Get-RetrainDecision -CorrectedEpisodes 1 -Corpus 5 -TaskSubdirCounts @{ a = 'many' } } }
        @{ Id = 'RepositoryExists'; Script = { Initialize-HarvestRepository . } }
        @{ Id = 'NotAFile'; Script = { Export-SliceReport slices } }
        @{ Id = 'PathIsFolder'; Script = { Get-ExportHash exports } }
        @{ Id = 'PathNotFound'; Script = { Get-ExportHash nothing.json } }
        @{ Id = 'NoFileMatches'; Script = { Get-ExportHash nothing*.json } }
        @{ Id = 'PathNotFileSystem'; Script = { Get-ExportHash Env:/PATH } }
        @{ Id = 'PathUnresolved'; Script = { Get-ExportHash NoSuchDrive:/x } }
        @{ Id = 'ExportNotRecognized'; Script = { 7 | New-Slice v9 } }
        @{ Id = 'NoExportPiped'; Script = { Get-Export nobody* | New-Slice v9 } }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $repository = New-TestRepository "$TestDrive/ids"
    Push-Location $repository
    $null = New-Slice v1 -NoBuild
    $null = New-TestExport exports/b2.json -Tasks 9 -FirstTask 100 | Add-Export -Project b
    $null = New-Slice v2 -NoBuild
    $null = Register-SliceModel v1 hand -Metric @{ once = 1 }

    # The first fault of a script, whether it ends the command or belongs to one item.
    function Get-Fault([scriptblock] $Script) {
        try {
            $Error.Clear()
            $null = & $Script 2>&1
            $Error | Select-Object -First 1
        } catch {
            $_
        }
    }

    # An id that stays, a category, a remedy, and no text of a program in what is told.
    function Assert-Fault([System.Management.Automation.ErrorRecord] $Fault, [string] $Id) {
        $Fault.FullyQualifiedErrorId | Should -BeLike "$Id,HarvestTools.PowerShell.*Command"
        $Fault.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $Fault.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$Fault" | Should -Not -Match 'Exception|System\.[A-Z]|HarvestTools\.|   at '
    }
}
AfterAll { Pop-Location }

Describe 'An export at fault' {
    It 'is told by its id: <Id>' -ForEach $exports {
        $file = "$TestDrive/fault.json"
        if ($_.ContainsKey('Bytes')) { [System.IO.File]::WriteAllBytes($file, $_.Bytes) } else { [System.IO.File]::WriteAllText($file, $_.Text) }
        $fault = Get-Fault { Get-ExportHash $file -Labels }
        Assert-Fault $fault $Id
        $fault.TargetObject | Should -Not -BeNullOrEmpty
    }
}

Describe 'A slice.json at fault' {
    It 'is told by its id: <Id>' -ForEach $manifests {
        $null = New-Item -ItemType Directory -Force "$TestDrive/ids/slices/v1"
        $file = "$repository/slices/v1/slice.json"
        $before = [System.IO.File]::ReadAllText($file)
        try {
            [System.IO.File]::WriteAllText($file, $Text)
            Assert-Fault (Get-Fault { Get-Slice v1 }) $Id
            Assert-Fault (Get-Fault { Get-SliceHistory }) $Id
        } finally {
            [System.IO.File]::WriteAllText($file, $before)
        }
    }
}

Describe 'A harvest.json at fault' {
    It 'is told by its id: <Id>' -ForEach $settings {
        $file = "$repository/harvest.json"
        $before = [System.IO.File]::ReadAllText($file)
        try {
            $at = $before.IndexOf($From, [StringComparison]::Ordinal)
            $at | Should -BeGreaterOrEqual 0
            [System.IO.File]::WriteAllText($file, $before.Remove($at, $From.Length).Insert($at, $To))
            Assert-Fault (Get-Fault { Get-Slice }) $Id
        } finally {
            [System.IO.File]::WriteAllText($file, $before)
        }
    }
}

Describe 'What is asked for in vain' {
    It 'is told by its id: <Id> of <Script>' -ForEach $commands {
        Assert-Fault (Get-Fault $Script) $Id
    }
}
