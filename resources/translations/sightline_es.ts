<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Attachments</name>
    <message>
        <source>Take {name} off</source>
        <translation>Quitar {name}</translation>
    </message>
    <message>
        <source>Attached: {name}</source>
        <translation>Adjunto: {name}</translation>
    </message>
    <message>
        <source>Pasted picture {number}</source>
        <translation>Imagen pegada {number}</translation>
    </message>
</context>
<context>
    <name>Beginning</name>
    <message>
        <source>Your system has no voice that works, so nothing can be read aloud: install one (on Linux speech-dispatcher), or use a screen reader.</source>
        <translation>Su sistema no tiene ninguna voz que funcione y no se puede leer nada en voz alta: instale una (en Linux, speech-dispatcher) o use un lector de pantalla.</translation>
    </message>
    <message>
        <source>To have these pages read aloud, press Control and 2.</source>
        <translation>Para que se lean estas páginas en voz alta, pulse Control y 2.</translation>
    </message>
    <message>
        <source>The model is ready.</source>
        <translation>El modelo está listo.</translation>
    </message>
</context>
<context>
    <name>Camera</name>
    <message>
        <source>The camera gives no picture: unplug it and plug it in again, or choose another one.</source>
        <translation>La cámara no da imagen: desconéctela y vuelva a conectarla, o elija otra.</translation>
    </message>
</context>
<context>
    <name>CameraView</name>
    <message>
        <source>The camera is off.</source>
        <translation>La cámara está apagada.</translation>
    </message>
    <message>
        <source>The camera is being opened…</source>
        <translation>Se está abriendo la cámara…</translation>
    </message>
    <message>
        <source>Waiting for the system to show it…</source>
        <translation>Esperando a que el sistema la muestre…</translation>
    </message>
    <message>
        <source>Camera on, preview hidden.</source>
        <translation>Cámara encendida, vista previa oculta.</translation>
    </message>
    <message>
        <source>On, preview hidden.</source>
        <translation>Activada, vista previa oculta.</translation>
    </message>
    <message>
        <source>Camera picture</source>
        <translation>Imagen de la cámara</translation>
    </message>
    <message>
        <source>A live picture.</source>
        <translation>Una imagen en directo.</translation>
    </message>
</context>
<context>
    <name>Capture</name>
    <message>
        <source>Listening stopped by an unforeseen error ({reason}): switch the microphone on again.</source>
        <translation>La escucha se detuvo por un error imprevisto ({reason}): vuelva a activar el micrófono.</translation>
    </message>
    <message>
        <source>The microphone ({name}) is gone: plug it in again, or choose another one.</source>
        <translation>El micrófono ({name}) ya no está: vuelva a conectarlo o elija otro.</translation>
    </message>
    <message>
        <source>The microphone ({name}) gives no sound: unplug it and plug it in again, or choose another one.</source>
        <translation>El micrófono ({name}) no da sonido: desconéctelo y vuelva a conectarlo, o elija otro.</translation>
    </message>
</context>
<context>
    <name>Child</name>
    <message>
        <source>it sent what cannot be understood</source>
        <translation>envió algo incomprensible</translation>
    </message>
    <message>
        <source>the computer&apos;s memory ran out</source>
        <translation>la memoria del ordenador se agotó</translation>
    </message>
    <message>
        <source>the graphics card failed</source>
        <translation>la tarjeta gráfica falló</translation>
    </message>
    <message>
        <source>exit status {code}</source>
        <translation>código de salida {code}</translation>
    </message>
    <message>
        <source>it was killed, perhaps because memory ran out</source>
        <translation>el sistema lo terminó, quizá por falta de memoria</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>Your settings cannot be kept in {file} ({reason}).</source>
        <translation>No se puede guardar la configuración en {file} ({reason}).</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Pictures, sound and video (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.wav *.mp3 *.flac *.ogg *.m4a *.aac *.mp4 *.mov *.mkv *.webm *.avi)</source>
        <translation>Imágenes, sonido y vídeo (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.wav *.mp3 *.flac *.ogg *.m4a *.aac *.mp4 *.mov *.mkv *.webm *.avi)</translation>
    </message>
    <message>
        <source>&amp;Attach…</source>
        <translation>&amp;Adjuntar…</translation>
    </message>
    <message>
        <source>Attach pictures, sound or video (Ctrl+O)</source>
        <translation>Adjuntar imágenes, sonido o vídeo (Ctrl+O)</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>&amp;Parar</translation>
    </message>
    <message>
        <source>Stop listening, thinking or answering (Escape)</source>
        <translation>Dejar de escuchar, pensar o responder (Escape)</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Enviar</translation>
    </message>
    <message>
        <source>Send your question (Enter)</source>
        <translation>Enviar la pregunta (Intro)</translation>
    </message>
    <message>
        <source>Keep the old question</source>
        <translation>Conservar la pregunta anterior</translation>
    </message>
    <message>
        <source>Leave the conversation as it is</source>
        <translation>Dejar la conversación como está</translation>
    </message>
    <message>
        <source>Attach pictures, sound or video</source>
        <translation>Adjuntar imágenes, sonido o vídeo</translation>
    </message>
    <message>
        <source>{media};;All files (*)</source>
        <translation>{media};;Todos los archivos (*)</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>There is no model to ask yet.</source>
        <translation>Todavía no hay ningún modelo al que preguntar.</translation>
    </message>
    <message>
        <source>before</source>
        <translation>antes</translation>
    </message>
    <message>
        <source>after</source>
        <translation>después</translation>
    </message>
    <message>
        <source>The picture has changed.</source>
        <translation>La imagen ha cambiado.</translation>
    </message>
    <message>
        <source>{seconds} s of speech</source>
        <translation>{seconds} s de voz</translation>
    </message>
    <message>
        <source>The model gave no answer: ask again, or in other words.</source>
        <translation>El modelo no respondió: pregunte de nuevo o con otras palabras.</translation>
    </message>
    <message>
        <source>This question was spoken, and its sound is not kept: ask it again.</source>
        <translation>Esta pregunta se hizo hablando y su sonido no se guarda: hágala de nuevo.</translation>
    </message>
    <message>
        <source>The pictures that this answer is about are not kept: show them again.</source>
        <translation>Las imágenes de las que trata esta respuesta no se guardan: muéstrelas de nuevo.</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>Nothing can be written in {folder} ({reason}), so that your choices are not kept: make room there, or allow it.</source>
        <translation>No se puede escribir nada en {folder} ({reason}), así que no se guarda lo que usted elija: libere espacio allí o permita que se escriba.</translation>
    </message>
    <message>
        <source>Another Sightline of yours is running and does not answer: end it, then start again.</source>
        <translation>Ya hay otro Sightline suyo en marcha que no responde: ciérrelo y vuelva a empezar.</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>The system&apos;s default</source>
        <translation>El predeterminado del sistema</translation>
    </message>
    <message>
        <source>Usual: enough for print</source>
        <translation>Habitual: basta para leer</translation>
    </message>
    <message>
        <source>The one you chose, which is not plugged in</source>
        <translation>El que eligió, que no está conectado</translation>
    </message>
    <message>
        <source>Speak: the bar moves as far as you are heard.</source>
        <translation>Hable: la barra se mueve tanto como se le oye.</translation>
    </message>
    <message>
        <source>You are heard.</source>
        <translation>Se le oye.</translation>
    </message>
    <message>
        <source>The bar moves while the microphone is on.</source>
        <translation>La barra se mueve mientras el micrófono está encendido.</translation>
    </message>
    <message>
        <source>No camera was found: plug one in, it is used at once.</source>
        <translation>No se encontró ninguna cámara: conecte una y se usará enseguida.</translation>
    </message>
    <message>
        <source>The camera that you chose is not plugged in: the system&apos;s default is used until it is.</source>
        <translation>La cámara que eligió no está conectada: hasta que lo esté se usa la predeterminada del sistema.</translation>
    </message>
    <message>
        <source>No microphone was found: plug one in, it is used at once.</source>
        <translation>No se encontró ningún micrófono: conecte uno y se usará enseguida.</translation>
    </message>
    <message>
        <source>The microphone that you chose is not plugged in: the system&apos;s default is used until it is.</source>
        <translation>El micrófono que eligió no está conectado: hasta que lo esté se usa el predeterminado del sistema.</translation>
    </message>
    <message>
        <source>No speaker was found: plug one in, it is used at once.</source>
        <translation>No se encontró ningún altavoz: conecte uno y se usará enseguida.</translation>
    </message>
    <message>
        <source>The speaker that you chose is not plugged in: the system&apos;s default is used until it is.</source>
        <translation>El altavoz que eligió no está conectado: hasta que lo esté se usa el predeterminado del sistema.</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Show me as in a mirror</source>
        <translation>Mostrarme como en un espejo</translation>
    </message>
    <message>
        <source>Show what the model sees</source>
        <translation>Mostrar lo que ve el modelo</translation>
    </message>
    <message>
        <source>Tell me by itself when something changes</source>
        <translation>Avisarme por sí solo cuando algo cambie</translation>
    </message>
    <message>
        <source>Test the microphone</source>
        <translation>Probar el micrófono</translation>
    </message>
    <message>
        <source>Listen for the level alone: nothing is given to the model</source>
        <translation>Escuchar solo para ver el nivel: al modelo no le llega nada</translation>
    </message>
    <message>
        <source>Test the camera</source>
        <translation>Probar la cámara</translation>
    </message>
    <message>
        <source>Switch the camera on, or off again, and show what it sees</source>
        <translation>Enciende la cámara, o la apaga de nuevo, y muestra lo que ve</translation>
    </message>
    <message>
        <source>Picture of the camera that is tested</source>
        <translation>Imagen de la cámara que se prueba</translation>
    </message>
    <message>
        <source>Microphone test</source>
        <translation>Prueba del micrófono</translation>
    </message>
    <message>
        <source>Play a test sound</source>
        <translation>Reproducir un sonido de prueba</translation>
    </message>
    <message>
        <source>A short sound on the speaker that is chosen</source>
        <translation>Un sonido corto en el altavoz elegido</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Camera and screen</source>
        <translation>Cámara y pantalla</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Size of its picture</source>
        <translation>Tamaño de su imagen</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Altavoz</translation>
    </message>
    <message>
        <source>What the model looks through; it comes back by itself when it is plugged in again</source>
        <translation>Por dónde mira el modelo; vuelve sola cuando se conecta de nuevo</translation>
    </message>
    <message>
        <source>A larger picture shows more and takes the model longer; the usual one is enough to read a page</source>
        <translation>Una imagen más grande muestra más y al modelo le lleva más tiempo; la habitual basta para leer una página impresa</translation>
    </message>
    <message>
        <source>What you are heard with; it comes back by itself when it is plugged in again</source>
        <translation>Con qué se le oye; vuelve solo cuando se conecta de nuevo</translation>
    </message>
    <message>
        <source>What answers are played on; it comes back by itself when it is plugged in again</source>
        <translation>Por dónde suenan las respuestas; vuelve solo cuando se conecta de nuevo</translation>
    </message>
    <message>
        <source>Only for your eyes: the model always sees what can be read</source>
        <translation>Solo para sus ojos: el modelo ve siempre la imagen sin invertir, que se puede leer</translation>
    </message>
    <message>
        <source>Without it the model sees all the same, and the window says so</source>
        <translation>Sin ella el modelo ve igualmente, y la ventana lo dice</translation>
    </message>
    <message>
        <source>While camera or screen is on and nothing else goes on; at most one remark in half a minute</source>
        <translation>Mientras la cámara o la pantalla está activada y no ocurre otra cosa; como mucho un comentario cada medio minuto</translation>
    </message>
</context>
<context>
    <name>DropSign</name>
    <message>
        <source>Drop pictures, sound or video here</source>
        <translation>Suelte aquí imágenes, sonido o vídeo</translation>
    </message>
    <message>
        <source>Files held over the window</source>
        <translation>Archivos sostenidos sobre la ventana</translation>
    </message>
</context>
<context>
    <name>EchoPanel</name>
    <message>
        <source>Test for echo</source>
        <translation>Probar si hay eco</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>Parar la prueba</translation>
    </message>
    <message>
        <source>Testing: a short sound is played. Please be quiet until it is over.</source>
        <translation>Probando: suena un sonido corto. Guarde silencio hasta que termine, por favor.</translation>
    </message>
    <message>
        <source>How much of the speaker this microphone hears was not tested yet.</source>
        <translation>Todavía no se ha probado cuánto oye este micrófono del altavoz.</translation>
    </message>
    <message>
        <source>This microphone hears next to nothing of the speaker.</source>
        <translation>Este micrófono casi no oye el altavoz.</translation>
    </message>
    <message>
        <source>This microphone hears the speaker, {delay} ms late; of that Sightline takes {removed} decibels away.</source>
        <translation>Este micrófono oye el altavoz con {delay} ms de retraso; Sightline le quita {removed} decibelios.</translation>
    </message>
    <message>
        <source>There is no microphone to test with: plug one in, then test again.</source>
        <translation>No hay ningún micrófono con el que probar: conecte uno y pruebe de nuevo.</translation>
    </message>
    <message>
        <source>There is no speaker to test with: plug one in, then test again.</source>
        <translation>No hay ningún altavoz con el que probar: conecte uno y pruebe de nuevo.</translation>
    </message>
    <message>
        <source>Nothing was to be heard of the test: turn the volume up, then test again.</source>
        <translation>La prueba no se oyó: suba el volumen y pruebe de nuevo.</translation>
    </message>
    <message>
        <source>The microphone heard nothing at all, not even the room: unmute it, then test again.</source>
        <translation>El micrófono no oyó nada, ni siquiera la habitación: active su sonido y pruebe de nuevo.</translation>
    </message>
    <message>
        <source>There was other sound during the test: test again when it is quiet.</source>
        <translation>Hubo otros sonidos durante la prueba: pruebe de nuevo cuando haya silencio.</translation>
    </message>
    <message>
        <source>You can break into an answer by speaking.</source>
        <translation>Puede interrumpir una respuesta hablando.</translation>
    </message>
    <message>
        <source>To break into an answer, speak up for a moment.</source>
        <translation>Para interrumpir una respuesta, hable alto un momento.</translation>
    </message>
    <message>
        <source>While an answer is spoken the microphone is not listened to: press Talk to break into it.</source>
        <translation>Mientras se dice una respuesta no se escucha el micrófono: pulse Hablar para interrumpirla.</translation>
    </message>
    <message>
        <source>While the system&apos;s voice speaks the microphone is not listened to: press Talk to break into it.</source>
        <translation>Mientras habla la voz del sistema no se escucha el micrófono: pulse Hablar para interrumpirla.</translation>
    </message>
    <message>
        <source>{found} {holds}</source>
        <translation>{found} {holds}</translation>
    </message>
    <message>
        <source>What is known of the echo, and what follows from it</source>
        <translation>Lo que se sabe del eco y lo que se deduce de ello</translation>
    </message>
    <message>
        <source>Plays a short sound and listens to how much of it comes back</source>
        <translation>Reproduce un sonido corto y escucha cuánto vuelve de él</translation>
    </message>
</context>
<context>
    <name>EntryList</name>
    <message>
        <source>Without words</source>
        <translation>Sin palabras</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abierta</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <translation>d &apos;de&apos; MMMM &apos;de&apos; yyyy</translation>
    </message>
</context>
<context>
    <name>FirstPages</name>
    <message>
        <source>Ctrl+2 reads these pages aloud, with large text and high contrast.</source>
        <translation>Ctrl+2 lee estas páginas en voz alta, con texto grande y alto contraste.</translation>
    </message>
    <message>
        <source>Ctrl+3 makes the text large, and nothing is only to be heard.</source>
        <translation>Ctrl+3 agranda el texto, y nada hay que solo se oiga.</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>Como siempre</translation>
    </message>
    <message>
        <source>Text and colours as the system has them; answers are written and spoken. (Ctrl+1)</source>
        <translation>Texto y colores como los tiene el sistema; las respuestas se escriben y se dicen. (Ctrl+1)</translation>
    </message>
    <message>
        <source>Blind or low vision</source>
        <translation>Ceguera o baja visión</translation>
    </message>
    <message>
        <source>Everything is told to a screen reader; where none is on, the system&apos;s voice reads these pages. Large text, high contrast, nothing moves, answers are spoken, and a sound tells when it is your turn. (Ctrl+2)</source>
        <translation>Todo se comunica al lector de pantalla; donde no hay ninguno activo, la voz del sistema lee estas páginas. Texto grande, alto contraste, nada se mueve, las respuestas se dicen y un sonido avisa de su turno. (Ctrl+2)</translation>
    </message>
    <message>
        <source>Deaf or hard of hearing</source>
        <translation>Sordera o dificultad para oír</translation>
    </message>
    <message>
        <source>Large text; answers are written and not spoken, and nothing is only to be heard. (Ctrl+3)</source>
        <translation>Texto grande; las respuestas se escriben y no se dicen, y nada hay que solo se oiga. (Ctrl+3)</translation>
    </message>
    <message>
        <source>Sightline says what is likely. It can be wrong, even where it sounds sure.</source>
        <translation>Sightline dice lo que es probable. Puede equivocarse, incluso cuando parece seguro.</translation>
    </message>
    <message>
        <source>Never trust it with what can harm you: whether a road can be crossed, whether a dose of medicine is right, whether food is free of what you are allergic to.</source>
        <translation>No le confíe nunca lo que puede hacerle daño: si se puede cruzar una calle, si la dosis de un medicamento es correcta, si un alimento está libre de aquello a lo que usted es alérgico.</translation>
    </message>
    <message>
        <source>What is small, dark, far away or behind something it may miss, or see where nothing is.</source>
        <translation>Lo pequeño, oscuro, lejano o tapado puede escapársele, o puede ver algo donde no hay nada.</translation>
    </message>
    <message>
        <source>Where it matters, ask a person, or look at the thing itself: the sign, the package, the document.</source>
        <translation>Cuando importe, pregunte a una persona o mire la cosa misma: la señal, el envase, el documento.</translation>
    </message>
    <message>
        <source>The model is ready. After Begin, type a question and press Enter; or press Ctrl+T, speak, and press Ctrl+T again.</source>
        <translation>El modelo está listo. Después de Empezar, escriba una pregunta y pulse Intro; o pulse Ctrl+T, hable y pulse Ctrl+T de nuevo.</translation>
    </message>
    <message>
        <source>There is no model in memory yet, so nothing is answered until there is one. You can begin all the same: the window says how far it is.</source>
        <translation>Todavía no hay ningún modelo en memoria, así que nada se responde hasta que lo haya. Puede empezar de todos modos: la ventana dice cuánto falta.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>Welcome to Sightline</source>
        <translation>Le damos la bienvenida a Sightline</translation>
    </message>
    <message>
        <source>It hears, sees and speaks, and nothing of that leaves this computer. A few pages set it up. Each can be skipped: Enter goes on, Alt+Left goes back.</source>
        <translation>Oye, ve y habla, y nada de eso sale de este ordenador. Unas pocas páginas lo preparan. Cada una se puede omitir: Intro sigue adelante, Alt+Izquierda vuelve atrás.</translation>
    </message>
    <message>
        <source>Accessibility</source>
        <translation>Accesibilidad</translation>
    </message>
    <message>
        <source>Reading aloud</source>
        <translation>Lectura en voz alta</translation>
    </message>
    <message>
        <source>What suits you?</source>
        <translation>¿Qué le conviene?</translation>
    </message>
    <message>
        <source>Each choice sets size of text, contrast, motion, sounds and speaking at once. All of that can be changed later, in the settings.</source>
        <translation>Cada opción fija de una vez el tamaño del texto, el contraste, el movimiento, los sonidos y el habla. Todo ello se puede cambiar después, en los ajustes.</translation>
    </message>
    <message>
        <source>Echo</source>
        <translation>Eco</translation>
    </message>
    <message>
        <source>Microphone and speaker</source>
        <translation>Micrófono y altavoz</translation>
    </message>
    <message>
        <source>Try both. Without a microphone you type your questions, without a speaker you read the answers. The test for echo tells how you can break into an answer.</source>
        <translation>Pruebe ambos. Sin micrófono, escriba sus preguntas; sin altavoz, lea las respuestas. La prueba de eco dice cómo puede interrumpir una respuesta.</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Sightline can look at what you show it. The camera is off until you switch it on; without one you can show pictures, videos and your screen.</source>
        <translation>Sightline puede mirar lo que usted le muestre. La cámara está apagada hasta que la encienda; sin cámara puede mostrar imágenes, vídeos y su pantalla.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>A model is in memory and answers: you can go on.</source>
        <translation>Hay un modelo en memoria que responde: puede seguir adelante.</translation>
    </message>
    <message>
        <source>A model on this computer answers you. The one that suits it best comes first; you can go on while it is downloaded. Or use a folder that you have, or go on without.</source>
        <translation>Le responde un modelo en este ordenador. El que mejor le va está el primero; puede seguir adelante mientras se descarga. O use una carpeta que tenga, o siga sin modelo.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Este ordenador</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Velocidad</translation>
    </message>
    <message>
        <source>The test takes some seconds and tells whether the model is fast enough here, and what to do if it is not. It needs a model in memory; the page of models has it too.</source>
        <translation>La prueba tarda unos segundos y dice si el modelo es bastante rápido aquí, y qué hacer si no lo es. Necesita un modelo en memoria; también está en la página de modelos.</translation>
    </message>
    <message>
        <source>What it can get wrong</source>
        <translation>En qué puede equivocarse</translation>
    </message>
    <message>
        <source>Please keep in mind</source>
        <translation>Tenga en cuenta</translation>
    </message>
    <message>
        <source>It is made to help you, not to be relied on alone.</source>
        <translation>Está hecho para ayudarle, no para fiarse solo de él.</translation>
    </message>
    <message>
        <source>Listen hands-free: I just speak</source>
        <translation>Escuchar con manos libres: yo solo hablo</translation>
    </message>
    <message>
        <source>Speech begins a question and silence ends it, without a key; Ctrl+Shift+T switches it</source>
        <translation>La voz empieza una pregunta y el silencio la termina, sin teclas; Ctrl+Mayús+T lo cambia</translation>
    </message>
    <message>
        <source>That is all</source>
        <translation>Eso es todo</translation>
    </message>
    <message>
        <source>You find all of this again in the settings, and on the pages of devices and models.</source>
        <translation>Todo esto se encuentra de nuevo en los ajustes y en las páginas de dispositivos y modelos.</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>First steps</source>
        <translation>Primeros pasos</translation>
    </message>
    <message>
        <source>How far it is</source>
        <translation>Cuánto se ha avanzado</translation>
    </message>
    <message>
        <source>Work on models, behind this page</source>
        <translation>Trabajo con modelos, detrás de esta página</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Empezar</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Siguiente</translation>
    </message>
    <message>
        <source>Go on (Enter, Alt+Right)</source>
        <translation>Seguir adelante (Intro, Alt+Derecha)</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>The page before this one (Alt+Left)</source>
        <translation>La página anterior (Alt+Izquierda)</translation>
    </message>
    <message>
        <source>Skip the rest</source>
        <translation>Omitir el resto</translation>
    </message>
    <message>
        <source>Go to the last page; all else stays</source>
        <translation>Ir a la última página; todo lo demás queda como está</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ahora no</translation>
    </message>
    <message>
        <source>Leave these pages; the next start, or the settings, go on with this one</source>
        <translation>Dejar estas páginas; el próximo inicio, o los ajustes, siguen con esta</translation>
    </message>
    <message>
        <source>Read aloud</source>
        <translation>Leer en voz alta</translation>
    </message>
    <message>
        <source>The system&apos;s voice reads these pages, where no screen reader does (Ctrl+R); Ctrl hushes it</source>
        <translation>La voz del sistema lee estas páginas donde no lo hace un lector de pantalla (Ctrl+R); Ctrl la calla</translation>
    </message>
</context>
<context>
    <name>Footage</name>
    <message>
        <source>The camera ({source}) is gone: plug it in again, or choose another one.</source>
        <translation>La cámara ({source}) ya no está: vuelva a conectarla o elija otra.</translation>
    </message>
    <message>
        <source>There are no pictures in {source}: choose another video.</source>
        <translation>No hay imágenes en {source}: elija otro vídeo.</translation>
    </message>
    <message>
        <source>Camera {source} cannot be opened: plug it in, close other programs that use it, allow Sightline to use it in the system&apos;s settings, or choose another one.</source>
        <translation>No se puede abrir la cámara {source}: conéctela, cierre otros programas que la usen, permita en la configuración del sistema que Sightline la use, o elija otra.</translation>
    </message>
    <message>
        <source>The camera at {source} does not answer: is its address right, and is it switched on?</source>
        <translation>La cámara en {source} no responde: ¿es correcta la dirección y está encendida?</translation>
    </message>
    <message>
        <source>There is no file {source} to see: choose another camera or video.</source>
        <translation>No existe el archivo {source}: elija otra cámara u otro vídeo.</translation>
    </message>
    <message>
        <source>{source} cannot be read as a video: choose another camera or video.</source>
        <translation>{source} no se puede leer como vídeo: elija otra cámara u otro vídeo.</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>button</source>
        <translation>botón</translation>
    </message>
    <message>
        <source>tick box</source>
        <translation>casilla</translation>
    </message>
    <message>
        <source>choice</source>
        <translation>opción</translation>
    </message>
    <message>
        <source>list</source>
        <translation>lista</translation>
    </message>
    <message>
        <source>slider</source>
        <translation>control deslizante</translation>
    </message>
    <message>
        <source>on</source>
        <translation>activado</translation>
    </message>
    <message>
        <source>off</source>
        <translation>desactivado</translation>
    </message>
    <message>
        <source>{name}, {kind}.</source>
        <translation>{name}, {kind}.</translation>
    </message>
    <message>
        <source>{name}, {kind}, {state}.</source>
        <translation>{name}, {kind}, {state}.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Your conversations cannot be kept in {file} ({reason}).</source>
        <translation>No se pueden guardar sus conversaciones en {file} ({reason}).</translation>
    </message>
    <message>
        <source>it belongs to a newer Sightline</source>
        <translation>pertenece a un Sightline más nuevo</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Nothing has been kept yet.</source>
        <translation>Todavía no se ha guardado nada.</translation>
    </message>
    <message>
        <source>No conversation has these words.</source>
        <translation>Ninguna conversación contiene estas palabras.</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nueva</translation>
    </message>
    <message>
        <source>Begin a new conversation (Ctrl+N)</source>
        <translation>Empezar una conversación nueva (Ctrl+N)</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>Privada</translation>
    </message>
    <message>
        <source>Begin a conversation of which nothing is kept (Ctrl+Shift+N)</source>
        <translation>Empezar una conversación de la que no se guarda nada (Ctrl+Mayús+N)</translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation>Buscar conversaciones</translation>
    </message>
    <message>
        <source>Shows only conversations with these words (Ctrl+F)</source>
        <translation>Muestra solo las conversaciones con estas palabras (Ctrl+F)</translation>
    </message>
    <message>
        <source>Kept conversations</source>
        <translation>Conversaciones guardadas</translation>
    </message>
    <message>
        <source>Give the conversation another name (F2)</source>
        <translation>Dar otro nombre a la conversación (F2)</translation>
    </message>
    <message>
        <source>Write the conversation into a file</source>
        <translation>Guardar la conversación en un archivo</translation>
    </message>
    <message>
        <source>Delete the conversation (Delete)</source>
        <translation>Eliminar la conversación (Supr)</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Cambiar nombre</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Conversaciones</translation>
    </message>
    <message>
        <source>Enter opens a conversation, F2 renames it, Delete deletes it.</source>
        <translation>Intro abre una conversación, F2 le cambia el nombre, Supr la elimina.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportar…</translation>
    </message>
    <message>
        <source>Delete “{title}”? It cannot be brought back.</source>
        <translation>¿Eliminar «{title}»? No se podrá recuperar.</translation>
    </message>
    <message>
        <source>Delete a conversation</source>
        <translation>Eliminar una conversación</translation>
    </message>
</context>
<context>
    <name>HotkeyPanel</name>
    <message>
        <source>Talk</source>
        <translation>Hablar</translation>
    </message>
    <message>
        <source>Mute the microphone</source>
        <translation>Silenciar el micrófono</translation>
    </message>
    <message>
        <source>Stop speaking</source>
        <translation>Dejar de hablar</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>Mostrar la ventana</translation>
    </message>
    <message>
        <source>Everything off</source>
        <translation>Apagarlo todo</translation>
    </message>
    <message>
        <source>Hold it while you speak, and let it go to be answered</source>
        <translation>Manténgala pulsada mientras habla y suéltela para recibir respuesta</translation>
    </message>
    <message>
        <source>Press it to speak and again to be answered: this system does not tell that a key is let go</source>
        <translation>Púlsela para hablar y otra vez para recibir respuesta: este sistema no avisa de que se suelta una tecla</translation>
    </message>
    <message>
        <source>Press it to be heard no longer, and again to be heard</source>
        <translation>Púlsela para que no se le oiga y otra vez para que se le oiga</translation>
    </message>
    <message>
        <source>Ends an answer, and whatever else is going on</source>
        <translation>Termina una respuesta y todo lo que esté en marcha</translation>
    </message>
    <message>
        <source>Brings this window before all others</source>
        <translation>Pone esta ventana delante de todas las demás</translation>
    </message>
    <message>
        <source>Nothing listens and nothing looks: microphone, camera and screen</source>
        <translation>Nada escucha y nada mira: micrófono, cámara y pantalla</translation>
    </message>
    <message>
        <source>These keys work while another program has the keyboard, which gets them no longer.</source>
        <translation>Estas teclas funcionan mientras otro programa tiene el teclado, y ese programa ya no las recibe.</translation>
    </message>
    <message>
        <source>This desktop is Wayland&apos;s: these keys work only while this window or another program of X11 has the keyboard.</source>
        <translation>Este escritorio es de Wayland: estas teclas solo funcionan mientras esta ventana u otro programa de X11 tiene el teclado.</translation>
    </message>
    <message>
        <source>Under Wayland Sightline gets no keys while another program has the keyboard: speak hands-free, or let your desktop start Sightline by a key of its own, which shows this window.</source>
        <translation>Con Wayland, Sightline no recibe teclas mientras otro programa tiene el teclado: hable en modo manos libres, o haga que su escritorio inicie Sightline con una tecla propia, lo que muestra esta ventana.</translation>
    </message>
    <message>
        <source>On macOS Sightline gets no keys while another program has the keyboard: speak hands-free, or use the keys of this window.</source>
        <translation>En macOS, Sightline no recibe teclas mientras otro programa tiene el teclado: hable en modo manos libres o use las teclas de esta ventana.</translation>
    </message>
    <message>
        <source>This system gives no keys while another program has the keyboard: speak hands-free, or use the keys of this window.</source>
        <translation>Este sistema no da teclas mientras otro programa tiene el teclado: hable en modo manos libres o use las teclas de esta ventana.</translation>
    </message>
    <message>
        <source>Another program has {keys}: choose another key, or end that program and check again.</source>
        <translation>Otro programa tiene {keys}: elija otra tecla, o cierre ese programa y compruebe de nuevo.</translation>
    </message>
    <message>
        <source>Your keyboard, as it is laid out now, has no key for {keys}: choose another one.</source>
        <translation>Su teclado, con la distribución actual, no tiene ninguna tecla para {keys}: elija otra.</translation>
    </message>
    <message>
        <source>The system does not answer when {keys} is asked for: check again, or start Sightline anew.</source>
        <translation>El sistema no responde cuando se le pide {keys}: compruebe de nuevo o vuelva a iniciar Sightline.</translation>
    </message>
    <message>
        <source>The system has broken the connection that {keys} comes by: check again.</source>
        <translation>El sistema ha cortado la conexión por la que llega {keys}: compruebe de nuevo.</translation>
    </message>
    <message>
        <source>{keys} is needed in other programs: choose a key with Ctrl or Alt beside it, or one like F7.</source>
        <translation>{keys} hace falta en otros programas: elija una tecla junto con Ctrl o Alt, o una como F7.</translation>
    </message>
    <message>
        <source>{keys} is the key for “{action}”: choose another one, or clear it there.</source>
        <translation>{keys} es la tecla de «{action}»: elija otra o quítela allí.</translation>
    </message>
    <message>
        <source>{keys} is a key of this window too, and does only this now: choose another one if you need both.</source>
        <translation>{keys} es también una tecla de esta ventana y ahora solo hace esto: elija otra si necesita ambas cosas.</translation>
    </message>
    <message>
        <source>Most programs have a use for {keys}, and get it no longer: choose another one if you need it there.</source>
        <translation>La mayoría de los programas usan {keys} y ya no la reciben: elija otra si la necesita allí.</translation>
    </message>
    <message>
        <source>Press the key that you want; Escape leaves it as it is. If nothing happens, another program has that key.</source>
        <translation>Pulse la tecla que quiera; Escape la deja como está. Si no ocurre nada, otro programa tiene esa tecla.</translation>
    </message>
    <message>
        <source>Keys that work everywhere</source>
        <translation>Teclas que funcionan en todas partes</translation>
    </message>
    <message>
        <source>What this system gives</source>
        <translation>Lo que da este sistema</translation>
    </message>
    <message>
        <source>Suggest keys</source>
        <translation>Proponer teclas</translation>
    </message>
    <message>
        <source>Gives a key to all that have none</source>
        <translation>Da una tecla a todo lo que no tiene ninguna</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Comprobar de nuevo</translation>
    </message>
    <message>
        <source>Asks the system once more for the keys that it refused</source>
        <translation>Vuelve a pedir al sistema las teclas que negó</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Aquí</translation>
    </message>
</context>
<context>
    <name>HotkeyRow</name>
    <message>
        <source>This is done by the window alone from then on</source>
        <translation>A partir de entonces esto se hace solo desde la ventana</translation>
    </message>
    <message>
        <source>Clear the key: {action}</source>
        <translation>Quitar la tecla: {action}</translation>
    </message>
    <message>
        <source>What to know of this key</source>
        <translation>Lo que hay que saber de esta tecla</translation>
    </message>
</context>
<context>
    <name>InUse</name>
    <message>
        <source>No model is in memory.</source>
        <translation>No hay ningún modelo en memoria.</translation>
    </message>
    <message>
        <source>How fast it is here was not tried yet.</source>
        <translation>Todavía no se ha probado lo rápido que es aquí.</translation>
    </message>
    <message>
        <source>It is being tried: that takes some seconds.</source>
        <translation>Se está probando: tarda unos segundos.</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nunca</translation>
    </message>
    <message>
        <source>After 5 minutes</source>
        <translation>Después de 5 minutos</translation>
    </message>
    <message>
        <source>After 15 minutes</source>
        <translation>Después de 15 minutos</translation>
    </message>
    <message>
        <source>After 30 minutes</source>
        <translation>Después de 30 minutos</translation>
    </message>
    <message>
        <source>After an hour</source>
        <translation>Después de una hora</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>En uso</translation>
    </message>
    <message>
        <source>Model in memory</source>
        <translation>Modelo en memoria</translation>
    </message>
    <message>
        <source>Speed of the model</source>
        <translation>Velocidad del modelo</translation>
    </message>
    <message>
        <source>Free memory now</source>
        <translation>Liberar memoria</translation>
    </message>
    <message>
        <source>Take the model out of memory; the conversation stays</source>
        <translation>Sacar el modelo de la memoria; la conversación se conserva</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>Cargar de nuevo</translation>
    </message>
    <message>
        <source>Load the model that was used last</source>
        <translation>Cargar el modelo que se usó por última vez</translation>
    </message>
    <message>
        <source>Test the speed</source>
        <translation>Probar velocidad</translation>
    </message>
    <message>
        <source>Measure how fast the model reads, writes and speaks here</source>
        <translation>Medir con qué rapidez el modelo lee, escribe y habla aquí</translation>
    </message>
    <message>
        <source>Free the memory by itself</source>
        <translation>Liberar la memoria por sí solo</translation>
    </message>
    <message>
        <source>When nothing was asked for so long</source>
        <translation>Cuando no se ha preguntado nada durante ese tiempo</translation>
    </message>
    <message>
        <source>With less of a conversation in mind the model needs less memory</source>
        <translation>Con menos conversación presente, el modelo necesita menos memoria</translation>
    </message>
    <message>
        <source>Keep in mind</source>
        <translation>Tener presente</translation>
    </message>
    <message>
        <source>After {minutes} minutes</source>
        <translation>Después de {minutes} minutos</translation>
    </message>
    <message>
        <source>As much of a conversation as fits</source>
        <translation>Tanta conversación como quepa</translation>
    </message>
    <message>
        <source>{tokens} tokens, about {words} words</source>
        <translation>{tokens} tokens, unas {words} palabras</translation>
    </message>
</context>
<context>
    <name>JobPanel</name>
    <message>
        <source>Work on models</source>
        <translation>Trabajo con modelos</translation>
    </message>
    <message>
        <source>What hinders the work</source>
        <translation>Lo que impide el trabajo</translation>
    </message>
    <message>
        <source>Progress of the work on models</source>
        <translation>Progreso del trabajo con modelos</translation>
    </message>
    <message>
        <source>Of all of it</source>
        <translation>Del total</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausar</translation>
    </message>
    <message>
        <source>Stop here; what has come is kept, even if Sightline is closed</source>
        <translation>Parar aquí; lo recibido se conserva, aunque se cierre Sightline</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Reanudar</translation>
    </message>
    <message>
        <source>Go on where it stopped</source>
        <translation>Seguir donde se detuvo</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Stop, and delete what has come so far</source>
        <translation>Parar y eliminar lo recibido hasta ahora</translation>
    </message>
</context>
<context>
    <name>JobWords</name>
    <message>
        <source>Downloading {name}</source>
        <translation>Descargando {name}</translation>
    </message>
    <message>
        <source>Converting {name} to {bits} bits</source>
        <translation>Convirtiendo {name} a {bits} bits</translation>
    </message>
    <message>
        <source>Checking {name}</source>
        <translation>Comprobando {name}</translation>
    </message>
    <message>
        <source>Repairing {name}</source>
        <translation>Reparando {name}</translation>
    </message>
    <message>
        <source>Moving the models to {folder}</source>
        <translation>Moviendo los modelos a {folder}</translation>
    </message>
    <message>
        <source>Deleting {name}</source>
        <translation>Eliminando {name}</translation>
    </message>
    <message>
        <source>Measuring this computer</source>
        <translation>Midiendo este ordenador</translation>
    </message>
    <message>
        <source>{step}: {done} of {total}</source>
        <translation>{step}: {done} de {total}</translation>
    </message>
    <message>
        <source>{step}: {done} of {total}, {rate} MB a second, about {minutes} min to go</source>
        <translation>{step}: {done} de {total}, {rate} MB por segundo, faltan unos {minutes} min</translation>
    </message>
    <message>
        <source>{made} is ready and is loaded now. {source} ({size}) is only needed to convert it again: it can be deleted below.</source>
        <translation>{made} está listo y se está cargando. {source} ({size}) solo hace falta para convertirlo de nuevo: se puede eliminar abajo.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>A new conversation was begun.</source>
        <translation>Se empezó una conversación nueva.</translation>
    </message>
    <message>
        <source>A private conversation was begun: nothing of it is kept.</source>
        <translation>Se empezó una conversación privada: no se guarda nada de ella.</translation>
    </message>
    <message>
        <source>Delete all conversations in which nothing was said for so long ({count})? They cannot be brought back.</source>
        <translation>¿Eliminar todas las conversaciones en las que no se dijo nada en ese tiempo ({count})? No se podrán recuperar.</translation>
    </message>
    <message>
        <source>Delete all conversations in which nothing was said for so long? They cannot be brought back.</source>
        <translation>¿Eliminar todas las conversaciones en las que no se dijo nada en ese tiempo? No se podrán recuperar.</translation>
    </message>
    <message>
        <source>Export a conversation</source>
        <translation>Exportar una conversación</translation>
    </message>
    <message>
        <source>Markdown (*.md);;JSON (*.json)</source>
        <translation>Markdown (*.md);;JSON (*.json)</translation>
    </message>
    <message>
        <source>{file} is there already. Replace it?</source>
        <translation>{file} ya existe. ¿Sustituirlo?</translation>
    </message>
    <message>
        <source>The conversation cannot be written to {file} ({reason}): choose another place.</source>
        <translation>No se puede guardar la conversación en {file} ({reason}): elija otro lugar.</translation>
    </message>
    <message>
        <source>The conversation was written to {file}.</source>
        <translation>La conversación se guardó en {file}.</translation>
    </message>
    <message>
        <source>Delete old conversations</source>
        <translation>Eliminar conversaciones antiguas</translation>
    </message>
</context>
<context>
    <name>KeyButton</name>
    <message>
        <source>No key</source>
        <translation>Ninguna tecla</translation>
    </message>
    <message>
        <source>Press the key…</source>
        <translation>Pulse la tecla…</translation>
    </message>
    <message>
        <source>{action}: {keys}</source>
        <translation>{action}: {keys}</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Microphone level</source>
        <translation>Nivel del micrófono</translation>
    </message>
</context>
<context>
    <name>LineActions</name>
    <message>
        <source>Copy message</source>
        <translation>Copiar mensaje</translation>
    </message>
    <message>
        <source>Put the words of this message into the clipboard</source>
        <translation>Copiar las palabras de este mensaje al portapapeles</translation>
    </message>
    <message>
        <source>Edit and ask again</source>
        <translation>Editar y preguntar de nuevo</translation>
    </message>
    <message>
        <source>Change this question; what followed is replaced</source>
        <translation>Cambiar esta pregunta; lo que siguió se sustituye</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Responder de nuevo</translation>
    </message>
    <message>
        <source>Another answer in place of this one</source>
        <translation>Otra respuesta en lugar de esta</translation>
    </message>
    <message>
        <source>Speak again</source>
        <translation>Decir de nuevo</translation>
    </message>
    <message>
        <source>Hear this answer once more</source>
        <translation>Oír esta respuesta otra vez</translation>
    </message>
</context>
<context>
    <name>LiveSigns</name>
    <message>
        <source>Camera on</source>
        <translation>Cámara encendida</translation>
    </message>
    <message>
        <source>Screen watched</source>
        <translation>Pantalla observada</translation>
    </message>
    <message>
        <source>Window watched</source>
        <translation>Ventana observada</translation>
    </message>
    <message>
        <source>Microphone on</source>
        <translation>Micrófono encendido</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>Camera or screen</source>
        <translation>Cámara o pantalla</translation>
    </message>
    <message>
        <source>&amp;Both off</source>
        <translation>Apagar am&amp;bos</translation>
    </message>
    <message>
        <source>Stop listening and looking at once (Ctrl+Shift+X)</source>
        <translation>Dejar de escuchar y de mirar enseguida (Ctrl+Mayús+X)</translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>Versions, devices, times and what happened: nothing that you said, typed or showed is in it.</source>
        <translation>Versiones, dispositivos, tiempos y lo que ocurrió: no contiene nada de lo que usted dijo, escribió o mostró.</translation>
    </message>
    <message>
        <source>The report is in the clipboard.</source>
        <translation>El informe está en el portapapeles.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Copiar informe</translation>
    </message>
    <message>
        <source>Puts the report into the clipboard, to be pasted into a message</source>
        <translation>Copia el informe al portapapeles para pegarlo en un mensaje</translation>
    </message>
    <message>
        <source>The report as it would be copied now</source>
        <translation>El informe tal como se copiaría ahora</translation>
    </message>
</context>
<context>
    <name>Looking</name>
    <message>
        <source>No camera was found: plug one in, or go on without.</source>
        <translation>No se encontró ninguna cámara: conecte una o siga sin ella.</translation>
    </message>
    <message>
        <source>{lost} cannot be looked through now: {used} is used instead.</source>
        <translation>Ahora no se puede ver por {lost}: se usa {used} en su lugar.</translation>
    </message>
    <message>
        <source>The camera gives no picture just now; nothing is shown to the model until it does.</source>
        <translation>La cámara no da imagen en este momento; al modelo no se le muestra nada hasta que la dé.</translation>
    </message>
    <message>
        <source>The camera that you chose is not plugged in: {name} is used until it is.</source>
        <translation>La cámara que eligió no está conectada: hasta que lo esté se usa {name}.</translation>
    </message>
    <message>
        <source>{lost} is gone: {used} is used until it is plugged in again.</source>
        <translation>{lost} ya no está: se usa {used} hasta que se vuelva a conectar.</translation>
    </message>
    <message>
        <source>The camera ({name}) is gone: plug it in again, or choose another one.</source>
        <translation>La cámara ({name}) ya no está: vuelva a conectarla o elija otra.</translation>
    </message>
    <message>
        <source>{name} is back and used again.</source>
        <translation>{name} ha vuelto y se usa de nuevo.</translation>
    </message>
</context>
<context>
    <name>Microphone</name>
    <message>
        <source>No microphone was found: plug one in, or type instead.</source>
        <translation>No se encontró ningún micrófono: conecte uno o escriba.</translation>
    </message>
</context>
<context>
    <name>Model</name>
    <message>
        <source>as published</source>
        <translation>tal como se publicó</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 bits</translation>
    </message>
    <message>
        <source>4 bits</source>
        <translation>4 bits</translation>
    </message>
    <message>
        <source>The smaller one: answers soonest</source>
        <translation>El más pequeño: es el que antes responde</translation>
    </message>
    <message>
        <source>The larger one: knows more and makes fewer mistakes</source>
        <translation>El más grande: sabe más y comete menos errores</translation>
    </message>
    <message>
        <source>Reads and writes English, Chinese and many more; hears and speaks English and Chinese best</source>
        <translation>Lee y escribe inglés, chino y muchos otros idiomas; los que mejor oye y habla son el inglés y el chino</translation>
    </message>
    <message>
        <source>You may use, change and pass on the model, also for business, if you keep its licence and notices with it. There is no warranty.</source>
        <translation>Puede usar, modificar y distribuir el modelo, también con fines comerciales, si conserva con él la licencia y los avisos. No hay garantía.</translation>
    </message>
    <message>
        <source>Only for research or evaluation, and never for business: whoever wants to use the model commercially must ask Alibaba Cloud for a licence of its own. Whoever passes on the model, or what was made from it, passes on this agreement too, says what was changed and writes “Built with Qwen” or “Improved using Qwen” where it can be read. There is no warranty, and whoever sues over the model loses the licence.</source>
        <translation>Solo para investigación o evaluación, nunca con fines comerciales: quien quiera usar el modelo comercialmente debe pedir a Alibaba Cloud una licencia propia. Quien distribuya el modelo, o lo que se haya hecho a partir de él, distribuye también este acuerdo, dice qué se cambió y escribe «Built with Qwen» o «Improved using Qwen» donde se pueda leer. No hay garantía, y quien demande a causa del modelo pierde la licencia.</translation>
    </message>
    <message>
        <source>In {what} it fits into the {size} of your graphics card, where answers come quickest.</source>
        <translation>La versión elegida ({what}) cabe en los {size} de su tarjeta gráfica, donde las respuestas llegan antes.</translation>
    </message>
    <message>
        <source>In 4 bits it fits into your {size} of memory, and {cores} processor cores are enough for it.</source>
        <translation>En 4 bits cabe en sus {size} de memoria, y {cores} núcleos de procesador le bastan.</translation>
    </message>
    <message>
        <source>In 4 bits it fits into your {size} of memory; with {cores} processor cores the larger one would answer too slowly, or not fit.</source>
        <translation>En 4 bits cabe en sus {size} de memoria; con {cores} núcleos de procesador el más grande respondería demasiado despacio o no cabría.</translation>
    </message>
    <message>
        <source>There is too little free disk for any of them: {size} more are needed for the smallest.</source>
        <translation>No hay bastante espacio libre en el disco para ninguno de ellos: para el más pequeño faltan {size}.</translation>
    </message>
    <message>
        <source>Even the smallest of them needs {needed} of memory beside everything else, and this computer has {size}: it would hardly move.</source>
        <translation>Incluso el más pequeño de ellos necesita {needed} de memoria además de todo lo demás, y este ordenador tiene {size}: apenas se movería.</translation>
    </message>
    <message>
        <source>good</source>
        <translation>buena</translation>
    </message>
    <message>
        <source>usable</source>
        <translation>aceptable</translation>
    </message>
    <message>
        <source>too slow</source>
        <translation>demasiado lenta</translation>
    </message>
    <message>
        <source>This model is quick enough here to talk with.</source>
        <translation>Este modelo es aquí lo bastante rápido para hablar con él.</translation>
    </message>
    <message>
        <source>Text comes in time, but a second of speech takes {seconds} seconds to compute: choose no voice in the settings, and answers come without waiting.</source>
        <translation>El texto llega a tiempo, pero calcular un segundo de voz lleva {seconds} segundos: elija en la configuración que no haya voz, y las respuestas llegarán sin espera.</translation>
    </message>
    <message>
        <source>Answers come about as fast as one reads: short questions work best.</source>
        <translation>Las respuestas llegan más o menos al ritmo en que se lee: lo que mejor funciona son las preguntas cortas.</translation>
    </message>
    <message>
        <source>This model is too slow here: use a smaller one, or this one in fewer bits.</source>
        <translation>Este modelo es aquí demasiado lento: use uno más pequeño, o este con menos bits.</translation>
    </message>
    <message>
        <source>The memory of the graphics card does not suffice for this model: it is computed on the processor, which is slower; a smaller model, or this one in fewer bits, may fit.</source>
        <translation>La memoria de la tarjeta gráfica no basta para este modelo: se calcula en el procesador, que es más lento; un modelo más pequeño, o este en menos bits, quizá quepa.</translation>
    </message>
    <message>
        <source>The graphics card cannot be used ({reason}): the model is computed on the processor, which is slower.</source>
        <translation>La tarjeta gráfica no se puede usar ({reason}): el modelo se calcula en el procesador, que es más lento.</translation>
    </message>
    <message>
        <source>The computer&apos;s memory ran out: close other programs, or use a smaller model or setting.</source>
        <translation>La memoria del ordenador se agotó: cierra otros programas, o usa un modelo o un ajuste más pequeño.</translation>
    </message>
    <message>
        <source>Asking what there is</source>
        <translation>Preguntando qué hay</translation>
    </message>
    <message>
        <source>Fetching {file}</source>
        <translation>Descargando {file}</translation>
    </message>
    <message>
        <source>Checking {file}</source>
        <translation>Comprobando {file}</translation>
    </message>
    <message>
        <source>Moving {file}</source>
        <translation>Moviendo {file}</translation>
    </message>
    <message>
        <source>Converting to {bits} bits</source>
        <translation>Convirtiendo a {bits} bits</translation>
    </message>
    <message>
        <source>Comparing results with the reference&apos;s</source>
        <translation>Comparando los resultados con los de la referencia</translation>
    </message>
    <message>
        <source>{name} is here, and every file of it is what it should be.</source>
        <translation>{name} ya está aquí, y todos sus archivos son como deben ser.</translation>
    </message>
    <message>
        <source>No file was damaged.</source>
        <translation>Ningún archivo estaba dañado.</translation>
    </message>
    <message>
        <source>Fetched again and right: {files}.</source>
        <translation>Descargados de nuevo y correctos: {files}.</translation>
    </message>
    <message>
        <source>Every file is what it should be. {what}</source>
        <translation>Todos los archivos son como deben ser. {what}</translation>
    </message>
    <message>
        <source>{name} is ready.</source>
        <translation>{name} está listo.</translation>
    </message>
    <message>
        <source>The models are in {folder} now.</source>
        <translation>Los modelos están ahora en {folder}.</translation>
    </message>
    <message>
        <source>Deleted: {size} of disk are free again.</source>
        <translation>Eliminado: {size} de disco vuelven a estar libres.</translation>
    </message>
    <message>
        <source>All {count} comparisons with the reference agree.</source>
        <translation>Las {count} comparaciones con la referencia coinciden.</translation>
    </message>
    <message>
        <source>{count} comparisons with the reference agree, and for {others} parts memory does not suffice.</source>
        <translation>{count} comparaciones con la referencia coinciden, y para {others} partes no basta la memoria.</translation>
    </message>
    <message>
        <source>This computer computes {part} of {name} differently from the reference: do not trust this model here, and send the report of the log page to somebody.</source>
        <translation>Este ordenador calcula {part} de {name} de otro modo que la referencia: no se fíe aquí de este modelo y envíe a alguien el informe de la página del registro.</translation>
    </message>
    <message>
        <source>The list of files</source>
        <translation>La lista de archivos</translation>
    </message>
    <message>
        <source>The download of {file}</source>
        <translation>La descarga de {file}</translation>
    </message>
    <message>
        <source>{folder} is not a model folder: it has no config.json.</source>
        <translation>{folder} no es la carpeta de un modelo: no contiene config.json.</translation>
    </message>
    <message>
        <source>{folder} holds a {kind} model: Sightline runs Qwen2.5-Omni (qwen2_5_omni) only.</source>
        <translation>{folder} contiene un modelo {kind}: Sightline solo ejecuta Qwen2.5-Omni (qwen2_5_omni).</translation>
    </message>
    <message>
        <source>{file} cannot be understood ({reason}): fetch it again.</source>
        <translation>No se entiende {file} ({reason}): descárguelo de nuevo.</translation>
    </message>
    <message>
        <source>{file} is damaged ({reason}): fetch it again.</source>
        <translation>{file} está dañado ({reason}): descárguelo de nuevo.</translation>
    </message>
    <message>
        <source>{file} is damaged ({reason}): quantise the model again.</source>
        <translation>{file} está dañado ({reason}): convierta el modelo de nuevo.</translation>
    </message>
    <message>
        <source>{file} is damaged: fetch it again.</source>
        <translation>{file} está dañado: descárguelo de nuevo.</translation>
    </message>
    <message>
        <source>{file} is damaged: make the folder again.</source>
        <translation>{file} está dañado: cree la carpeta de nuevo.</translation>
    </message>
    <message>
        <source>{file} is missing or damaged: fetch that file again.</source>
        <translation>{file} falta o está dañado: descargue ese archivo de nuevo.</translation>
    </message>
    <message>
        <source>{file} is missing: the download is incomplete, fetch it again.</source>
        <translation>Falta {file}: la descarga está incompleta, repítala.</translation>
    </message>
    <message>
        <source>{file} is truncated or damaged: fetch it again.</source>
        <translation>{file} está incompleto o dañado: descárguelo de nuevo.</translation>
    </message>
    <message>
        <source>{file} lacks the tensor {name} that the index promises: fetch both again.</source>
        <translation>En {file} falta el tensor {name} que promete el índice: descargue ambos de nuevo.</translation>
    </message>
    <message>
        <source>{folder} lacks the tensor {name}: the copy is incomplete, fetch it again.</source>
        <translation>En {folder} falta el tensor {name}: la copia está incompleta, descárguela de nuevo.</translation>
    </message>
    <message>
        <source>{folder}: {name} is not in {file}: quantise the model again.</source>
        <translation>{folder}: {name} no está en {file}: convierta el modelo de nuevo.</translation>
    </message>
    <message>
        <source>{folder}: {part}.{name} has shape {found} where config.json asks for {wanted}: the weights are of another model than the config.</source>
        <translation>{folder}: {part}.{name} tiene la forma {found} y config.json pide {wanted}: los pesos y la configuración son de modelos distintos.</translation>
    </message>
    <message>
        <source>{folder}: {name} is stored as {kind}, which is not supported.</source>
        <translation>{folder}: {name} está guardado como {kind}, que no se admite.</translation>
    </message>
    <message>
        <source>{folder}: {name} holds numbers that are not finite: fetch it again.</source>
        <translation>{folder}: {name} contiene números que no son finitos: descárguelo de nuevo.</translation>
    </message>
    <message>
        <source>{folder} has no weights: neither {one} nor {other} is there.</source>
        <translation>{folder} no tiene pesos: no están ni {one} ni {other}.</translation>
    </message>
    <message>
        <source>{folder} has no readable tokenizer: fetch tokenizer.json again.</source>
        <translation>{folder} no tiene un tokenizer legible: descargue tokenizer.json de nuevo.</translation>
    </message>
    <message>
        <source>{folder} has no preprocessor_config.json that can be read: fetch that file again.</source>
        <translation>{folder} no tiene un preprocessor_config.json legible: descargue ese archivo de nuevo.</translation>
    </message>
    <message>
        <source>{folder} has no spk_dict.pt, so it cannot speak: fetch that file too.</source>
        <translation>{folder} no tiene spk_dict.pt, por eso no puede hablar: descargue también ese archivo.</translation>
    </message>
    <message>
        <source>{folder} says that it does not speak (enable_audio_output in config.json).</source>
        <translation>{folder} dice que no habla (enable_audio_output en config.json).</translation>
    </message>
    <message>
        <source>{file} holds no voice: fetch it again.</source>
        <translation>{file} no contiene ninguna voz: descárguelo de nuevo.</translation>
    </message>
    <message>
        <source>There is no voice {name} in {folder}: choose {others}.</source>
        <translation>No hay ninguna voz {name} en {folder}: elija {others}.</translation>
    </message>
    <message>
        <source>{folder} was quantised in format {version}, but this program reads formats up to {most}: update the program or quantise the model again.</source>
        <translation>{folder} se convirtió en el formato {version}, pero este programa lee formatos hasta {most}: actualice el programa o convierta el modelo de nuevo.</translation>
    </message>
    <message>
        <source>{name} does not fit its manifest ({reason}): quantise the model again.</source>
        <translation>{name} no concuerda con su manifiesto ({reason}): convierta el modelo de nuevo.</translation>
    </message>
    <message>
        <source>config.json asks for a decoder variant that Qwen2.5-Omni was not published with.</source>
        <translation>config.json pide una variante del decodificador con la que Qwen2.5-Omni no se publicó.</translation>
    </message>
    <message>
        <source>The model folder has no chat template: fetch chat_template too.</source>
        <translation>La carpeta del modelo no tiene plantilla de conversación: descargue también chat_template.</translation>
    </message>
    <message>
        <source>The model folder&apos;s chat template is damaged: fetch chat_template again.</source>
        <translation>La plantilla de conversación de la carpeta del modelo está dañada: descargue chat_template de nuevo.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template does not keep what is said in order: it is not supported.</source>
        <translation>La plantilla de conversación del modelo no mantiene el orden de lo dicho: no se admite.</translation>
    </message>
    <message>
        <source>{name} needs {needed} GB of memory ({parts}) and {free} GB are free: close other programs, or use a quantised or smaller model.</source>
        <translation>{name} necesita {needed} GB de memoria ({parts}) y hay {free} GB libres: cierre otros programas o use un modelo en menos bits o más pequeño.</translation>
    </message>
    <message>
        <source>This computer cannot compute on {device}: leave the device out to use the best.</source>
        <translation>Este equipo no puede calcular en {device}: no indique ningún dispositivo y se usará el mejor.</translation>
    </message>
    <message>
        <source>The model ran into an unforeseen error ({reason}): see the log.</source>
        <translation>El modelo encontró un error imprevisto ({reason}): consulte el registro.</translation>
    </message>
    <message>
        <source>{folder} is quantised already: name the folder as it was published.</source>
        <translation>{folder} ya está convertido: indique la carpeta tal como se publicó.</translation>
    </message>
    <message>
        <source>{folder} exists already: name a new folder, or remove it first.</source>
        <translation>{folder} ya existe: indique una carpeta nueva o elimínela antes.</translation>
    </message>
    <message>
        <source>{folder} needs {needed} but {free} are free in {place}: free {more} more, or choose another disk.</source>
        <translation>{folder} necesita {needed} y en {place} hay {free} libres: libere {more} más o elija otro disco.</translation>
    </message>
    <message>
        <source>{folder} is in the way and is not ours: move it first.</source>
        <translation>{folder} estorba y no es nuestra: muévala antes.</translation>
    </message>
    <message>
        <source>Writing {folder} failed ({reason}): make room there and start again.</source>
        <translation>No se pudo escribir {folder} ({reason}): haga sitio y empiece de nuevo.</translation>
    </message>
    <message>
        <source>{name} has another shape in the float folder: it is not what this was made from.</source>
        <translation>{name} tiene otra forma en la carpeta original: este modelo no se hizo de ella.</translation>
    </message>
    <message>
        <source>{folder} is not an empty folder: name a new one.</source>
        <translation>{folder} no es una carpeta vacía: indique una nueva.</translation>
    </message>
    <message>
        <source>The system refused to go on ({reason}).</source>
        <translation>El sistema no permite continuar ({reason}).</translation>
    </message>
    <message>
        <source>This turn is longer than the model can keep in mind ({count} tokens): ask about less.</source>
        <translation>Este turno es más largo de lo que el modelo puede retener ({count} tokens): pregunte sobre menos.</translation>
    </message>
    <message>
        <source>{file} holds neither sound nor pictures; choose another file.</source>
        <translation>{file} no contiene ni sonido ni imágenes; elija otro archivo.</translation>
    </message>
    <message>
        <source>{file} holds no sound that can be read; choose another file.</source>
        <translation>{file} no contiene sonido que se pueda leer; elija otro archivo.</translation>
    </message>
    <message>
        <source>{file} holds no picture that can be read; choose another file.</source>
        <translation>{file} no contiene ninguna imagen que se pueda leer; elija otro archivo.</translation>
    </message>
    <message>
        <source>{file} is no sound or video that can be read, or is cut short; try another.</source>
        <translation>{file} no es un sonido ni un vídeo que se pueda leer, o está cortado; pruebe con otro.</translation>
    </message>
    <message>
        <source>{file} has no sound in it; choose another file.</source>
        <translation>{file} no tiene sonido; elija otro archivo.</translation>
    </message>
    <message>
        <source>{file} has no moving picture in it; give it as sound or picture.</source>
        <translation>{file} no tiene imagen en movimiento; añádalo como sonido o imagen.</translation>
    </message>
    <message>
        <source>{file} is too short to be heard; choose a longer one.</source>
        <translation>{file} es demasiado corto para oírse; elija uno más largo.</translation>
    </message>
    <message>
        <source>{file} is not a picture that can be read; save it as JPEG or PNG and try again.</source>
        <translation>{file} no es una imagen que se pueda leer; guárdela como JPEG o PNG e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>{file} has {width} × {height} pixels, too many; make it smaller first.</source>
        <translation>{file} tiene {width} × {height} píxeles, demasiados; redúzcala antes.</translation>
    </message>
    <message>
        <source>{file} has far too many pixels; make it smaller first.</source>
        <translation>{file} tiene muchísimos píxeles; redúzcala antes.</translation>
    </message>
    <message>
        <source>{file} is damaged or only a part of it is there; copy it again.</source>
        <translation>{file} está dañado o solo hay una parte; cópielo de nuevo.</translation>
    </message>
    <message>
        <source>{file} is a HEIC picture, which cannot be read; save it as JPEG.</source>
        <translation>{file} es una imagen HEIC, que no se puede leer; guárdela como JPEG.</translation>
    </message>
    <message>
        <source>{file} is not a file; choose a sound, picture or video file.</source>
        <translation>{file} no es un archivo; elija un archivo de sonido, imagen o vídeo.</translation>
    </message>
    <message>
        <source>{file} does not exist; check the name.</source>
        <translation>{file} no existe; compruebe el nombre.</translation>
    </message>
    <message>
        <source>{file} may not be read by you; change its permissions or copy it.</source>
        <translation>No tiene permiso para leer {file}; cambie sus permisos o cópielo.</translation>
    </message>
    <message>
        <source>{file} cannot be read ({reason}); choose another file.</source>
        <translation>No se puede leer {file} ({reason}); elija otro archivo.</translation>
    </message>
    <message>
        <source>{file} cannot be read ({reason}); copy it again.</source>
        <translation>No se puede leer {file} ({reason}); cópielo de nuevo.</translation>
    </message>
    <message>
        <source>{file} is empty; choose another file.</source>
        <translation>{file} está vacío; elija otro archivo.</translation>
    </message>
    <message>
        <source>The sound holds values that are not numbers: its source or file is damaged.</source>
        <translation>El sonido contiene valores que no son números: su origen o su archivo está dañado.</translation>
    </message>
    <message>
        <source>{what} stopped because {why}: it goes on by itself.</source>
        <translation>{what} se detuvo porque {why}: continúa sola.</translation>
    </message>
    <message>
        <source>{what} stopped because {why}, {count} times in a row: what is there is kept; look after the network, then resume.</source>
        <translation>{what} se detuvo porque {why}, {count} veces seguidas: lo recibido se conserva; revise la red y reanude.</translation>
    </message>
    <message>
        <source>the server does not go on where it stopped</source>
        <translation>el servidor no sigue donde se detuvo</translation>
    </message>
    <message>
        <source>the server ended it early</source>
        <translation>el servidor la terminó antes de tiempo</translation>
    </message>
    <message>
        <source>the server sent more than there should be</source>
        <translation>el servidor envió más de lo debido</translation>
    </message>
    <message>
        <source>the server is busy (status {status})</source>
        <translation>el servidor está ocupado (estado {status})</translation>
    </message>
    <message>
        <source>no byte came for too long</source>
        <translation>no llegó ningún dato durante demasiado tiempo</translation>
    </message>
    <message>
        <source>the server cannot be reached</source>
        <translation>no se puede llegar al servidor</translation>
    </message>
    <message>
        <source>the connection broke</source>
        <translation>se cortó la conexión</translation>
    </message>
    <message>
        <source>{file} came damaged: it is fetched again from its beginning.</source>
        <translation>{file} llegó dañado: se descarga de nuevo desde el principio.</translation>
    </message>
    <message>
        <source>{file} came damaged {count} times: something between here and {server} changes it; try another network.</source>
        <translation>{file} llegó dañado {count} veces: algo entre aquí y {server} lo modifica; pruebe con otra red.</translation>
    </message>
    <message>
        <source>{server} does not give it out (status {status}): it may have been renamed or withdrawn; try later, or use a folder that you have.</source>
        <translation>{server} no lo entrega (estado {status}): puede que se haya renombrado o retirado; inténtelo más tarde o use una carpeta que tenga.</translation>
    </message>
    <message>
        <source>The server cannot prove who it is (its certificate is not valid here), so nothing was fetched: look at this computer&apos;s date and at what filters its network.</source>
        <translation>El servidor no puede demostrar quién es (su certificado no es válido aquí), así que no se descargó nada: revise la fecha de este ordenador y lo que filtra su red.</translation>
    </message>
    <message>
        <source>The disk is full: free some of it, then resume; what is there is kept.</source>
        <translation>El disco está lleno: libere espacio y reanude; lo recibido se conserva.</translation>
    </message>
    <message>
        <source>This disk takes no file so large (older formats of sticks end at 4 GB): choose another models folder.</source>
        <translation>Este disco no admite un archivo tan grande (los formatos antiguos de memorias acaban en 4 GB): elija otra carpeta de modelos.</translation>
    </message>
    <message>
        <source>{needed} have to be fetched and {size} are free in {folder}: free {more} more, or choose another models folder.</source>
        <translation>Hay que descargar {needed} y en {folder} hay {size} libres: libere {more} más o elija otra carpeta de modelos.</translation>
    </message>
    <message>
        <source>{needed} have to be moved and {size} are free in {folder}: free {more} more, or choose another folder.</source>
        <translation>Hay que mover {needed} y en {folder} hay {size} libres: libere {more} más o elija otra carpeta.</translation>
    </message>
    <message>
        <source>{folder} lies inside {other}: choose a folder beside it.</source>
        <translation>{folder} está dentro de {other}: elija una carpeta que esté al lado.</translation>
    </message>
    <message>
        <source>{folder} has {name} already: delete or rename one of both, then move again.</source>
        <translation>{folder} ya contiene {name}: elimine o cambie de nombre uno de los dos y mueva de nuevo.</translation>
    </message>
    <message>
        <source>The models cannot be moved to {folder} ({reason}).</source>
        <translation>No se pueden mover los modelos a {folder} ({reason}).</translation>
    </message>
    <message>
        <source>{folder} is there already: use it, mend it, or choose another place.</source>
        <translation>{folder} ya existe: úsela, repárela o elija otro lugar.</translation>
    </message>
    <message>
        <source>{folder} cannot be written ({reason}).</source>
        <translation>No se puede escribir en {folder} ({reason}).</translation>
    </message>
    <message>
        <source>{folder} was not downloaded by Sightline, so its files have no hashes to compare with.</source>
        <translation>{folder} no la descargó Sightline, así que no hay sumas con las que comparar sus archivos.</translation>
    </message>
    <message>
        <source>What {server} says of {name} cannot be used ({reason}): perhaps the network wants you to sign in first; try again then.</source>
        <translation>Lo que {server} dice de {name} no sirve ({reason}): quizá la red pida antes que inicie sesión; hágalo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>{name} has no model in it: choose another one.</source>
        <translation>{name} no contiene ningún modelo: elija otro.</translation>
    </message>
    <message>
        <source>{file} is damaged ({reason}): delete this file, then download the model again.</source>
        <translation>{file} está dañado ({reason}): elimine este archivo y descargue el modelo de nuevo.</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>No model has been chosen yet.</source>
        <translation>Todavía no se ha elegido ningún modelo.</translation>
    </message>
    <message>
        <source>{folder} is not a model folder: there is no config.json in it. Choose another one.</source>
        <translation>{folder} no es la carpeta de un modelo: no contiene config.json. Elija otra.</translation>
    </message>
    <message>
        <source>Starting the model</source>
        <translation>Iniciando el modelo</translation>
    </message>
    <message>
        <source>Loading the {part}</source>
        <translation>Cargando: {part}</translation>
    </message>
    <message>
        <source>loading the {part}, {percent} %</source>
        <translation>cargando {part}, {percent} %</translation>
    </message>
    <message>
        <source>Making a small random model, which may take a minute</source>
        <translation>Creando un modelo aleatorio pequeño; puede tardar un minuto</translation>
    </message>
    <message>
        <source>Loading was cancelled: no model is in memory.</source>
        <translation>Se canceló la carga: no hay ningún modelo en memoria.</translation>
    </message>
</context>
<context>
    <name>ModelLink</name>
    <message>
        <source>it gave no sign of work for too long</source>
        <translation>no dio señales de trabajo durante demasiado tiempo</translation>
    </message>
    <message>
        <source>it did not let go of what was cancelled</source>
        <translation>no soltó lo que se había cancelado</translation>
    </message>
    <message>
        <source>The model&apos;s process cannot be started ({reason}): close other programs.</source>
        <translation>No se puede iniciar el proceso del modelo ({reason}): cierre otros programas.</translation>
    </message>
    <message>
        <source>The model&apos;s process stopped again and again ({reason}): close other programs and load it again, or choose another model.</source>
        <translation>El proceso del modelo se detuvo una y otra vez ({reason}): cierre otros programas y vuelva a cargarlo, o elija otro modelo.</translation>
    </message>
    <message>
        <source>The graphics card failed: the model is being started again on the processor, which is slower. It is told what was said so far, but not what was seen and heard: please ask again.</source>
        <translation>La tarjeta gráfica falló: el modelo se inicia de nuevo en el procesador, que es más lento. Se le cuenta lo dicho hasta ahora, pero no lo visto ni lo oído: pregunta otra vez, por favor.</translation>
    </message>
    <message>
        <source>The model&apos;s process stopped ({reason}): it is being started again. It is told what was said so far, but not what was seen and heard: please ask again.</source>
        <translation>El proceso del modelo se detuvo ({reason}): se está iniciando de nuevo. Se le cuenta lo que se dijo hasta ahora, pero no lo que se vio y se oyó: pregunte otra vez, por favor.</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progreso</translation>
    </message>
    <message>
        <source>Load it a&amp;gain</source>
        <translation>Car&amp;garlo de nuevo</translation>
    </message>
    <message>
        <source>Load the model that was used last</source>
        <translation>Cargar el modelo que se usó por última vez</translation>
    </message>
    <message>
        <source>Mode&amp;ls…</source>
        <translation>Mode&amp;los…</translation>
    </message>
    <message>
        <source>Download a model that suits this computer, or see which are here</source>
        <translation>Descargar un modelo adecuado para este ordenador, o ver cuáles hay</translation>
    </message>
    <message>
        <source>Choose a &amp;folder…</source>
        <translation>Elegir una ca&amp;rpeta…</translation>
    </message>
    <message>
        <source>Use a folder with a Qwen2.5-Omni checkpoint</source>
        <translation>Usar una carpeta con un modelo Qwen2.5-Omni</translation>
    </message>
    <message>
        <source>&amp;Make a small random model</source>
        <translation>Crear un modelo aleatori&amp;o pequeño</translation>
    </message>
    <message>
        <source>To try things out: it answers at once, but its words are noise</source>
        <translation>Para probar: responde enseguida, pero sus palabras son ruido</translation>
    </message>
    <message>
        <source>Use the built-in &amp;demonstration model</source>
        <translation>Usar el modelo de &amp;demostración incluido</translation>
    </message>
    <message>
        <source>Small and trained for a small world: coloured shapes, a few sounds, everyday sentences in English</source>
        <translation>Pequeño y entrenado para un mundo pequeño: figuras de colores, algunos sonidos, frases corrientes en inglés</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Ca&amp;ncelar</translation>
    </message>
    <message>
        <source>Stop loading the model</source>
        <translation>Dejar de cargar el modelo</translation>
    </message>
    <message>
        <source>Choose the folder of a Qwen2.5-Omni checkpoint</source>
        <translation>Elegir la carpeta de un modelo Qwen2.5-Omni</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>There is none yet: download one above, or use a folder that you have.</source>
        <translation>Todavía no hay ninguno: descargue uno arriba o use una carpeta que tenga.</translation>
    </message>
    <message>
        <source>Small and trained for a small world: coloured shapes, a few sounds, everyday sentences in English</source>
        <translation>Pequeño y entrenado para un mundo pequeño: figuras de colores, algunos sonidos, frases corrientes en inglés</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Este ordenador</translation>
    </message>
    <message>
        <source>Other models</source>
        <translation>Otros modelos</translation>
    </message>
    <message>
        <source>Show or hide the models that are not recommended here</source>
        <translation>Mostrar u ocultar los modelos que aquí no se recomiendan</translation>
    </message>
    <message>
        <source>Models on this computer</source>
        <translation>Modelos en este ordenador</translation>
    </message>
    <message>
        <source>Use a folder I have…</source>
        <translation>Usar otra carpeta…</translation>
    </message>
    <message>
        <source>Load a Qwen2.5-Omni checkpoint from any folder</source>
        <translation>Cargar un modelo Qwen2.5-Omni de cualquier carpeta</translation>
    </message>
    <message>
        <source>Use the demonstration model</source>
        <translation>Usar el modelo de demostración</translation>
    </message>
    <message>
        <source>Models folder</source>
        <translation>Carpeta de modelos</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>Otra carpeta…</translation>
    </message>
    <message>
        <source>Keep models in another folder, perhaps on another disk</source>
        <translation>Guardar los modelos en otra carpeta, quizá en otro disco</translation>
    </message>
    <message>
        <source>Downloaded models are kept in {folder}.</source>
        <translation>Los modelos descargados se guardan en {folder}.</translation>
    </message>
    <message>
        <source>Choose the folder of a Qwen2.5-Omni checkpoint</source>
        <translation>Elegir la carpeta de un modelo Qwen2.5-Omni</translation>
    </message>
    <message>
        <source>Choose a folder for models</source>
        <translation>Elegir una carpeta para los modelos</translation>
    </message>
    <message>
        <source>Move the models that are there ({size}) too? “No” leaves them where they are: they can still be used as folders that you have.</source>
        <translation>¿Mover también los modelos que ya hay ({size})? «No» los deja donde están: se podrán seguir usando como carpetas suyas.</translation>
    </message>
    <message>
        <source>Move what was begun and is not finished ({size}) too? “No” leaves it where it is, and a download begins anew.</source>
        <translation>¿Mover también lo empezado que no está terminado ({size})? «No» lo deja donde está, y una descarga empieza de nuevo.</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>En este ordenador</translation>
    </message>
</context>
<context>
    <name>OfferCard</name>
    <message>
        <source>Why {name}</source>
        <translation>Por qué {name}</translation>
    </message>
    <message>
        <source>About {name}</source>
        <translation>Acerca de {name}</translation>
    </message>
    <message>
        <source>Size of {name}</source>
        <translation>Tamaño de {name}</translation>
    </message>
    <message>
        <source>Fewer bits take less memory and answer sooner; more are more exact</source>
        <translation>Menos bits ocupan menos memoria y responden antes; más bits son más exactos</translation>
    </message>
    <message>
        <source>Licence of {name}</source>
        <translation>Licencia de {name}</translation>
    </message>
    <message>
        <source>Read the whole licence</source>
        <translation>Leer la licencia</translation>
    </message>
    <message>
        <source>Opens {address} in your browser</source>
        <translation>Abre {address} en su navegador</translation>
    </message>
    <message>
        <source>I have read the licence and accept it</source>
        <translation>He leído la licencia y la acepto</translation>
    </message>
    <message>
        <source>Nothing of {name} is downloaded before</source>
        <translation>Antes no se descarga nada de {name}</translation>
    </message>
    <message>
        <source>Disk for {name}</source>
        <translation>Disco para {name}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Descargar</translation>
    </message>
    <message>
        <source>Download {name} and load it</source>
        <translation>Descargar {name} y cargarlo</translation>
    </message>
    <message>
        <source>Recommended for this computer. {reason}</source>
        <translation>Recomendado para este ordenador. {reason}</translation>
    </message>
    <message>
        <source>{about}. {languages}. Voices: {voices}.</source>
        <translation>{about}. {languages}. Voces: {voices}.</translation>
    </message>
    <message>
        <source>Resume the download</source>
        <translation>Reanudar la descarga</translation>
    </message>
    <message>
        <source>It is on this computer: see below.</source>
        <translation>Está en este ordenador: véase abajo.</translation>
    </message>
    <message>
        <source>{size} of disk are needed and {shortfall} of them are not free: delete something, choose fewer bits, or move the models folder.</source>
        <translation>Hacen falta {size} de disco y {shortfall} de ellos no están libres: elimine algo, elija menos bits o mueva la carpeta de modelos.</translation>
    </message>
    <message>
        <source>{size} of it are here from an earlier try.</source>
        <translation>{size} ya están aquí de un intento anterior.</translation>
    </message>
    <message>
        <source>Needs {size} of free disk until it is ready.</source>
        <translation>Necesita {size} de disco libre hasta que esté listo.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>{bits}: {disk} of disk, {memory} of memory</source>
        <translation>{bits}: {disk} de disco, {memory} de memoria</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>This computer: {memory} of memory, {card} with {video}, {cores} processor cores, {disk} of free disk.</source>
        <translation>Este ordenador: {memory} de memoria, {card} con {video}, {cores} núcleos de procesador, {disk} de disco libre.</translation>
    </message>
    <message>
        <source>This computer: {memory} of memory, no graphics card that can be used, {cores} processor cores, {disk} of free disk.</source>
        <translation>Este ordenador: {memory} de memoria, ninguna tarjeta gráfica que se pueda usar, {cores} núcleos de procesador, {disk} de disco libre.</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message>
        <source>Back to the conversation</source>
        <translation>Volver a la conversación</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Página</translation>
    </message>
</context>
<context>
    <name>Perception</name>
    <message>
        <source>Microphone, camera and screen are off.</source>
        <translation>El micrófono, la cámara y la pantalla están apagados.</translation>
    </message>
    <message>
        <source>{lost} is gone: {used} is used until it is plugged in again.</source>
        <translation>{lost} ya no está: se usa {used} hasta que se vuelva a conectar.</translation>
    </message>
    <message>
        <source>{lost} cannot be listened to now: {used} is used instead.</source>
        <translation>Ahora no se puede escuchar por {lost}: se usa {used} en su lugar.</translation>
    </message>
    <message>
        <source>{name} is back and used again.</source>
        <translation>{name} ha vuelto y se usa de nuevo.</translation>
    </message>
    <message>
        <source>The microphone is muted: nothing is heard until you unmute it (Ctrl+M).</source>
        <translation>El micrófono está silenciado: no se oye nada hasta que lo active de nuevo (Ctrl+M).</translation>
    </message>
    <message>
        <source>Say “{phrase}” to be heard.</source>
        <translation>Diga «{phrase}» para que se le oiga.</translation>
    </message>
    <message>
        <source>This computer cannot listen for a phrase: choose none in the settings; until then all is heard.</source>
        <translation>Este equipo no puede esperar una frase: elija ninguna en los ajustes; hasta entonces se oye todo.</translation>
    </message>
    <message>
        <source>The microphone is on again.</source>
        <translation>El micrófono está encendido de nuevo.</translation>
    </message>
    <message>
        <source>The microphone that you chose is not plugged in: {name} is used until it is.</source>
        <translation>El micrófono que eligió no está conectado: hasta que lo esté se usa {name}.</translation>
    </message>
    <message>
        <source>testing for echo</source>
        <translation>probando si hay eco</translation>
    </message>
</context>
<context>
    <name>PermissionRow</name>
    <message>
        <source>Permission for the camera</source>
        <translation>Permiso para la cámara</translation>
    </message>
    <message>
        <source>Sightline may use the camera.</source>
        <translation>Sightline puede usar la cámara.</translation>
    </message>
    <message>
        <source>The system has not asked you yet whether Sightline may use the camera.</source>
        <translation>El sistema todavía no le ha preguntado si Sightline puede usar la cámara.</translation>
    </message>
    <message>
        <source>The system keeps the camera from Sightline: allow it in the system&apos;s settings.</source>
        <translation>El sistema no permite que Sightline use la cámara: permítalo en la configuración del sistema.</translation>
    </message>
    <message>
        <source>Let the system ask whether Sightline may use the camera</source>
        <translation>Dejar que el sistema pregunte si Sightline puede usar la cámara</translation>
    </message>
    <message>
        <source>Where the camera can be allowed</source>
        <translation>Donde se puede permitir el uso de la cámara</translation>
    </message>
    <message>
        <source>Permission for the microphone</source>
        <translation>Permiso para el micrófono</translation>
    </message>
    <message>
        <source>Sightline may use the microphone.</source>
        <translation>Sightline puede usar el micrófono.</translation>
    </message>
    <message>
        <source>The system has not asked you yet whether Sightline may use the microphone.</source>
        <translation>El sistema todavía no le ha preguntado si Sightline puede usar el micrófono.</translation>
    </message>
    <message>
        <source>The system keeps the microphone from Sightline: allow it in the system&apos;s settings.</source>
        <translation>El sistema no permite que Sightline use el micrófono: permítalo en la configuración del sistema.</translation>
    </message>
    <message>
        <source>Let the system ask whether Sightline may use the microphone</source>
        <translation>Dejar que el sistema pregunte si Sightline puede usar el micrófono</translation>
    </message>
    <message>
        <source>Where the microphone can be allowed</source>
        <translation>Donde se puede permitir el uso del micrófono</translation>
    </message>
    <message>
        <source>Allow…</source>
        <translation>Permitir…</translation>
    </message>
    <message>
        <source>Open the system&apos;s settings</source>
        <translation>Abrir la configuración del sistema</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Comprobar de nuevo</translation>
    </message>
    <message>
        <source>Ask the system once more what it allows</source>
        <translation>Preguntar otra vez al sistema qué permite</translation>
    </message>
</context>
<context>
    <name>Phase</name>
    <message>
        <source>Loading the model</source>
        <translation>Cargando el modelo</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>Listening to you</source>
        <translation>Escuchándole</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Pensando</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>Respondiendo</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Sin modelo</translation>
    </message>
</context>
<context>
    <name>Playback</name>
    <message>
        <source>Playing stopped by an unforeseen error ({reason}): ask once more.</source>
        <translation>La reproducción se detuvo por un error imprevisto ({reason}): pregunta otra vez.</translation>
    </message>
    <message>
        <source>The speaker ({name}) takes no sound: unplug it and plug it in again, or choose another one.</source>
        <translation>El altavoz ({name}) no acepta sonido: desconéctelo y vuelva a conectarlo, o elija otro.</translation>
    </message>
    <message>
        <source>The speaker ({name}) is gone: plug it in again, or choose another one.</source>
        <translation>El altavoz ({name}) ya no está: vuelva a conectarlo o elija otro.</translation>
    </message>
</context>
<context>
    <name>Ports</name>
    <message>
        <source>microphone</source>
        <translation>micrófono</translation>
    </message>
    <message>
        <source>speaker</source>
        <translation>altavoz</translation>
    </message>
    <message>
        <source>The sound device does not respond: unplug it and plug it in again.</source>
        <translation>El dispositivo de sonido no responde: desconéctelo y vuelva a conectarlo.</translation>
    </message>
    <message>
        <source>The {kind} ({name}) cannot be used: plug it in again, allow Sightline to use it in the system&apos;s settings, or choose another one.</source>
        <translation>El {kind} ({name}) no se puede usar: vuelva a conectarlo, permita en la configuración del sistema que Sightline lo use, o elija otro.</translation>
    </message>
    <message>
        <source>Sound needs the PortAudio library, which was not found: install it (libportaudio2) and start again.</source>
        <translation>El sonido necesita la biblioteca PortAudio, que no se encontró: instálela (libportaudio2) e inicie de nuevo.</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>This desktop shows no tray: closing the window ends Sightline.</source>
        <translation>Este escritorio no muestra bandeja: al cerrar la ventana, Sightline termina.</translation>
    </message>
    <message>
        <source>The system does not let Sightline change what starts by itself ({reason}).</source>
        <translation>El sistema no permite que Sightline cambie lo que se inicia solo ({reason}).</translation>
    </message>
</context>
<context>
    <name>QuestionEdit</name>
    <message>
        <source>Your question</source>
        <translation>Su pregunta</translation>
    </message>
    <message>
        <source>Enter sends it, Shift+Enter begins a new line. Files can be dropped here.</source>
        <translation>Intro la envía, Mayús+Intro empieza una línea nueva. Aquí se pueden soltar archivos.</translation>
    </message>
    <message>
        <source>Ask something</source>
        <translation>Pregunte algo</translation>
    </message>
</context>
<context>
    <name>Reach</name>
    <message>
        <source>A key of yours that works everywhere is not to be had: the settings say which, and why (Ctrl+,).</source>
        <translation>Una de sus teclas que funcionan en todas partes no está disponible: los ajustes dicen cuál y por qué (Ctrl+,).</translation>
    </message>
    <message>
        <source>Nobody hears you yet: there is no model that is ready.</source>
        <translation>Todavía nadie le oye: no hay ningún modelo listo.</translation>
    </message>
</context>
<context>
    <name>ReliefPanel</name>
    <message>
        <source>Memory</source>
        <translation>Memoria</translation>
    </message>
    <message>
        <source>The conversation stays</source>
        <translation>La conversación se conserva</translation>
    </message>
    <message>
        <source>Take less memory</source>
        <translation>Usar menos memoria</translation>
    </message>
    <message>
        <source>Leave it as it is</source>
        <translation>Dejarlo como está</translation>
    </message>
    <message>
        <source>Go on with the same model and settings; memory may run out again</source>
        <translation>Seguir con el mismo modelo y los mismos ajustes; la memoria puede agotarse otra vez</translation>
    </message>
</context>
<context>
    <name>Relieving</name>
    <message>
        <source>Memory did not suffice. A smaller model is on this computer ({name}): it needs less.</source>
        <translation>La memoria no bastó. En este ordenador hay un modelo más pequeño ({name}): necesita menos.</translation>
    </message>
    <message>
        <source>Use the smaller model</source>
        <translation>Usar el modelo pequeño</translation>
    </message>
    <message>
        <source>Memory did not suffice. Converted to 4 bits, this model needs less than half of it; that takes some minutes.</source>
        <translation>La memoria no bastó. Convertido a 4 bits, este modelo necesita menos de la mitad; tarda unos minutos.</translation>
    </message>
    <message>
        <source>Convert to 4 bits</source>
        <translation>Convertir a 4 bits</translation>
    </message>
    <message>
        <source>Memory did not suffice. If the model keeps less of a conversation in mind ({tokens} tokens, about {words} words), it needs less.</source>
        <translation>La memoria no bastó. Si el modelo tiene presente menos conversación ({tokens} tokens, unas {words} palabras), necesita menos.</translation>
    </message>
    <message>
        <source>Keep less in mind</source>
        <translation>Tener presente menos</translation>
    </message>
</context>
<context>
    <name>Screen</name>
    <message>
        <source>The screen can no longer be seen: choose another one, or go on without.</source>
        <translation>Ya no se puede ver la pantalla: elija otra o siga sin ella.</translation>
    </message>
    <message>
        <source>The window can no longer be seen: show it again if it is hidden, or choose something else.</source>
        <translation>Ya no se puede ver la ventana: muéstrela de nuevo si está oculta, o elija otra cosa.</translation>
    </message>
    <message>
        <source>The screen cannot be seen: allow Sightline to record it in the system&apos;s settings, or do without.</source>
        <translation>No se puede ver la pantalla: permita en la configuración del sistema que Sightline la grabe, o prescinda de ella.</translation>
    </message>
    <message>
        <source>The window cannot be seen: show it if it is hidden, allow Sightline to record it in the system&apos;s settings, or choose something else.</source>
        <translation>No se puede ver la ventana: muéstrela si está oculta, permita en la configuración del sistema que Sightline la grabe, o elija otra cosa.</translation>
    </message>
</context>
<context>
    <name>Scribe</name>
    <message>
        <source>What is said cannot be kept ({reason}): it stays in the window, and will be tried again.</source>
        <translation>Lo que se dice no se puede guardar ({reason}): queda en la ventana y se intentará de nuevo.</translation>
    </message>
    <message>
        <source>Your conversations in {file} are damaged and cannot be replaced ({reason}).</source>
        <translation>Sus conversaciones en {file} están dañadas y no se pueden sustituir ({reason}).</translation>
    </message>
    <message>
        <source>Your kept conversations could not be read ({reason}): a new history is begun, kept is {aside}.</source>
        <translation>No se pudieron leer sus conversaciones guardadas ({reason}): se empieza un historial nuevo y se conserva {aside}.</translation>
    </message>
</context>
<context>
    <name>SensesPanel</name>
    <message>
        <source>&amp;Camera</source>
        <translation>&amp;Cámara</translation>
    </message>
    <message>
        <source>Let the model see what is chosen above (Ctrl+K)</source>
        <translation>Dejar que el modelo vea lo elegido arriba (Ctrl+K)</translation>
    </message>
    <message>
        <source>S&amp;creen</source>
        <translation>Pan&amp;talla</translation>
    </message>
    <message>
        <source>Windo&amp;w</source>
        <translation>&amp;Ventana</translation>
    </message>
    <message>
        <source>What the model sees while it may look: the camera, a screen or a window</source>
        <translation>Lo que ve el modelo mientras puede mirar: la cámara, una pantalla o una ventana</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>Mirar</translation>
    </message>
    <message>
        <source>&amp;Hands-free</source>
        <translation>&amp;Manos libres</translation>
    </message>
    <message>
        <source>Speak without pressing anything (Ctrl+Shift+T)</source>
        <translation>Hablar sin pulsar nada (Ctrl+Mayús+T)</translation>
    </message>
    <message>
        <source>M&amp;ute</source>
        <translation>&amp;Silenciar</translation>
    </message>
    <message>
        <source>Hear nothing for a while, and leave hands-free on (Ctrl+M)</source>
        <translation>No oír nada durante un rato y dejar activado Manos libres (Ctrl+M)</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Silenciado</translation>
    </message>
    <message>
        <source>Phrase that wakes Sightline</source>
        <translation>Frase que despierta a Sightline</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Altavoz</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Screen {name}</source>
        <translation>Pantalla {name}</translation>
    </message>
    <message>
        <source>Window: {name}</source>
        <translation>Ventana: {name}</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Your settings in {file} cannot be read ({reason}): the usual ones are used. Once you change one, that file is kept as {aside}.</source>
        <translation>No se puede leer la configuración de {file} ({reason}): se usa la habitual. Cuando usted cambie algo, ese archivo se conservará como {aside}.</translation>
    </message>
    <message>
        <source>Your settings were damaged: the usual ones are used</source>
        <translation>Su configuración estaba dañada: se usa la habitual</translation>
    </message>
    <message>
        <source>Your settings are of a newer Sightline: those that are known here are used</source>
        <translation>Su configuración es de un Sightline más nuevo: se usa lo que aquí se conoce</translation>
    </message>
    <message>
        <source>Some of your settings were damaged: in their place the usual ones are used</source>
        <translation>Parte de su configuración estaba dañada: en su lugar se usa la habitual</translation>
    </message>
    <message>
        <source>{said}; those in {file} cannot be copied ({reason}).</source>
        <translation>{said}; la de {file} no se puede copiar ({reason}).</translation>
    </message>
    <message>
        <source>{said}; the file as it was is kept in {aside}.</source>
        <translation>{said}; el archivo tal como era se conserva en {aside}.</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Alto contraste</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>Para siempre</translation>
    </message>
    <message>
        <source>For a year</source>
        <translation>Un año</translation>
    </message>
    <message>
        <source>For 90 days</source>
        <translation>90 días</translation>
    </message>
    <message>
        <source>For 30 days</source>
        <translation>30 días</translation>
    </message>
    <message>
        <source>For a week</source>
        <translation>Una semana</translation>
    </message>
    <message>
        <source>For a day</source>
        <translation>Un día</translation>
    </message>
    <message>
        <source>Go through the first steps again</source>
        <translation>Volver a dar los primeros pasos</translation>
    </message>
    <message>
        <source>Go on with the first steps</source>
        <translation>Seguir con los primeros pasos</translation>
    </message>
    <message>
        <source>None: whoever speaks is heard</source>
        <translation>Ninguna: se oye a quien hable</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Configuración</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>Reducir el movimiento</translation>
    </message>
    <message>
        <source>Go on in the tray when the window is closed</source>
        <translation>Seguir en la bandeja al cerrar la ventana</translation>
    </message>
    <message>
        <source>Start when I log in</source>
        <translation>Iniciar cuando inicio sesión</translation>
    </message>
    <message>
        <source>A sound when it is my turn</source>
        <translation>Un sonido en mi turno</translation>
    </message>
    <message>
        <source>Language, accessibility, devices, model and speed, one page after the other</source>
        <translation>Idioma, accesibilidad, dispositivos, modelo y velocidad, una página tras otra</translation>
    </message>
    <message>
        <source>Begin every conversation as a private one</source>
        <translation>Empezar cada conversación como privada</translation>
    </message>
    <message>
        <source>For {days} days</source>
        <translation>{days} días</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aspecto</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Tamaño del texto</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Movimiento</translation>
    </message>
    <message>
        <source>Talking</source>
        <translation>Conversación</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>Sonidos</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Primeros pasos</translation>
    </message>
    <message>
        <source>Set up</source>
        <translation>Preparar</translation>
    </message>
    <message>
        <source>Phrase that wakes Sightline</source>
        <translation>Frase que despierta a Sightline</translation>
    </message>
    <message>
        <source>After so much silence your turn is over; what sounds complete is answered sooner</source>
        <translation>Tras ese silencio termina su turno; lo que suena completo se responde antes</translation>
    </message>
    <message>
        <source>Automatic, by the test for echo</source>
        <translation>Automático, según la prueba de eco</translation>
    </message>
    <message>
        <source>By speaking</source>
        <translation>Hablando</translation>
    </message>
    <message>
        <source>By speaking up for a moment</source>
        <translation>Hablando alto un momento</translation>
    </message>
    <message>
        <source>With the Talk button only</source>
        <translation>Solo con el botón Hablar</translation>
    </message>
    <message>
        <source>Silence that ends your turn</source>
        <translation>Silencio que termina su turno</translation>
    </message>
    <message>
        <source>Breaking into an answer</source>
        <translation>Interrumpir una respuesta</translation>
    </message>
    <message>
        <source>Echo</source>
        <translation>Eco</translation>
    </message>
    <message>
        <source>Keeping</source>
        <translation>Conservación</translation>
    </message>
    <message>
        <source>Keep conversations</source>
        <translation>Guardar conversaciones</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privacidad</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Escritorio</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>Bandeja</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Colores de la ventana</translation>
    </message>
    <message>
        <source>Larger text in the whole window</source>
        <translation>Texto más grande en toda la ventana</translation>
    </message>
    <message>
        <source>Words of the window, from the next start on; Sightline answers in the language you speak</source>
        <translation>Palabras de la ventana, a partir del próximo inicio; Sightline responde en el idioma en que usted habla</translation>
    </message>
    <message>
        <source>Nothing moves by itself: states are told by words and shapes, as always</source>
        <translation>Nada se mueve solo: los estados se dicen con palabras y formas, como siempre</translation>
    </message>
    <message>
        <source>Its picture there shows whether microphone and camera are on; from its menu Sightline is ended</source>
        <translation>Su imagen muestra allí si el micrófono y la cámara están encendidos; desde su menú se sale de Sightline</translation>
    </message>
    <message>
        <source>Sightline opens by itself; in the tray, if it may stay there</source>
        <translation>Sightline se abre solo; en la bandeja, si puede quedarse allí</translation>
    </message>
    <message>
        <source>Where the microphone hears the speaker, speaking must not break in too easily</source>
        <translation>Donde el micrófono oye el altavoz, no debe ser demasiado fácil interrumpir hablando</translation>
    </message>
    <message>
        <source>After each answer, and when the model is ready</source>
        <translation>Después de cada respuesta, y cuando el modelo está listo</translation>
    </message>
    <message>
        <source>In hands-free mode nothing is heard before it; after an answer there are eight seconds to go on</source>
        <translation>En el modo manos libres no se oye nada antes de ella; tras una respuesta hay ocho segundos para seguir</translation>
    </message>
    <message>
        <source>Conversations in which nothing was said for longer are deleted</source>
        <translation>Se eliminan las conversaciones en las que no se dijo nada durante más tiempo</translation>
    </message>
    <message>
        <source>Nothing of a private conversation is ever written to the disk</source>
        <translation>Nada de una conversación privada se escribe jamás en el disco</translation>
    </message>
</context>
<context>
    <name>SmallModel</name>
    <message>
        <source>exit status {status}</source>
        <translation>código de salida {status}</translation>
    </message>
    <message>
        <source>The small model could not be made ({reason}).</source>
        <translation>No se pudo crear el modelo pequeño ({reason}).</translation>
    </message>
</context>
<context>
    <name>Speaker</name>
    <message>
        <source>No speaker was found: plug one in to hear what is said; it can be read meanwhile.</source>
        <translation>No se encontró ningún altavoz: conecte uno para oír lo que se dice; mientras tanto se puede leer.</translation>
    </message>
</context>
<context>
    <name>Speaking</name>
    <message>
        <source>The speaker that you chose is not plugged in: the system&apos;s default is used until it is.</source>
        <translation>El altavoz que eligió no está conectado: hasta que lo esté se usa el predeterminado del sistema.</translation>
    </message>
    <message>
        <source>{lost} is gone: {used} is used until it is plugged in again.</source>
        <translation>{lost} ya no está: se usa {used} hasta que se vuelva a conectar.</translation>
    </message>
    <message>
        <source>{name} is back and used again.</source>
        <translation>{name} ha vuelto y se usa de nuevo.</translation>
    </message>
    <message>
        <source>This is how I sound.</source>
        <translation>Así sueno yo.</translation>
    </message>
    <message>
        <source>An answer is being spoken: play the test sound when it is over.</source>
        <translation>Se está diciendo una respuesta: reproduzca el sonido de prueba cuando termine.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Model in use</source>
        <translation>Modelo en uso</translation>
    </message>
    <message>
        <source>Voice in use</source>
        <translation>Voz en uso</translation>
    </message>
</context>
<context>
    <name>StepPage</name>
    <message>
        <source>How far it is</source>
        <translation>Cuánto se ha avanzado</translation>
    </message>
    <message>
        <source>Step {number} of {count}</source>
        <translation>Paso {number} de {count}</translation>
    </message>
    <message>
        <source>{title}. {about}</source>
        <translation>{title}. {about}</translation>
    </message>
</context>
<context>
    <name>StoredRow</name>
    <message>
        <source>{name}: {words}</source>
        <translation>{name}: {words}</translation>
    </message>
    <message>
        <source>{name}: {words}, in use</source>
        <translation>{name}: {words}, en uso</translation>
    </message>
    <message>
        <source>{name}: {words}, in {folder}</source>
        <translation>{name}: {words}, en {folder}</translation>
    </message>
    <message>
        <source>{name}: {words}, in {folder}, in use</source>
        <translation>{name}: {words}, en {folder}, en uso</translation>
    </message>
    <message>
        <source>Model on this computer</source>
        <translation>Modelo en este ordenador</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Usar</translation>
    </message>
    <message>
        <source>Load {name}</source>
        <translation>Cargar {name}</translation>
    </message>
    <message>
        <source>Convert to 4 bits</source>
        <translation>Convertir a 4 bits</translation>
    </message>
    <message>
        <source>Make a smaller, faster copy of {name}</source>
        <translation>Hacer una copia más pequeña y rápida de {name}</translation>
    </message>
    <message>
        <source>Convert to 8 bits</source>
        <translation>Convertir a 8 bits</translation>
    </message>
    <message>
        <source>Make a smaller, more exact copy of {name}</source>
        <translation>Hacer una copia más pequeña y más exacta de {name}</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Comprobar</translation>
    </message>
    <message>
        <source>Compare the files and results of {name} with what they should be</source>
        <translation>Comparar los archivos y los resultados de {name} con lo que deberían ser</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Reparar</translation>
    </message>
    <message>
        <source>Fetch damaged files of {name} again, and no others</source>
        <translation>Descargar de nuevo los archivos dañados de {name}, y ningún otro</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Eliminar…</translation>
    </message>
    <message>
        <source>Delete {name} from this computer</source>
        <translation>Eliminar {name} de este ordenador</translation>
    </message>
    <message>
        <source>Delete {name}? That frees {size} of disk and cannot be brought back.</source>
        <translation>¿Eliminar {name}? Eso libera {size} de disco y no se podrá recuperar.</translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation>Eliminar un modelo</translation>
    </message>
</context>
<context>
    <name>Supply</name>
    <message>
        <source>The move was stopped: models are in {source} and in {destination} now.</source>
        <translation>Se detuvo el traslado: ahora hay modelos en {source} y en {destination}.</translation>
    </message>
    <message>
        <source>Deleting was stopped: {name} is not whole any more, delete it again.</source>
        <translation>Se detuvo el borrado: {name} ya no está completo, bórrelo de nuevo.</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>Se canceló.</translation>
    </message>
    <message>
        <source>Paused: it goes on where it stopped.</source>
        <translation>En pausa: seguirá donde se detuvo.</translation>
    </message>
    <message>
        <source>Damaged: {files}. Repair fetches these files again, and no others.</source>
        <translation>Dañados: {files}. Reparar descarga de nuevo estos archivos, y ningún otro.</translation>
    </message>
</context>
<context>
    <name>TalkButton</name>
    <message>
        <source>&amp;Talk</source>
        <translation>&amp;Hablar</translation>
    </message>
    <message>
        <source>Hold while you speak, or press to begin and again to end (Ctrl+T)</source>
        <translation>Mantenga pulsado mientras habla, o pulse para empezar y otra vez para terminar (Ctrl+T)</translation>
    </message>
    <message>
        <source>End &amp;talk</source>
        <translation>Dejar de &amp;hablar</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>New conversation</source>
        <translation>Conversación nueva</translation>
    </message>
    <message>
        <source>Private conversation: nothing of it is kept</source>
        <translation>Conversación privada: no se guarda nada de ella</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Conversaciones</translation>
    </message>
    <message>
        <source>Show or hide the list of conversations (Ctrl+B)</source>
        <translation>Mostrar u ocultar la lista de conversaciones (Ctrl+B)</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>Which model answers, others to download, and speed (Ctrl+Shift+M)</source>
        <translation>Qué modelo responde, otros para descargar, y la velocidad (Ctrl+Mayús+M)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Configuración</translation>
    </message>
    <message>
        <source>How Sightline looks, speaks and remembers (Ctrl+,)</source>
        <translation>Cómo se ve, habla y recuerda Sightline (Ctrl+,)</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Camera, microphone and speaker (Ctrl+D)</source>
        <translation>Cámara, micrófono y altavoz (Ctrl+D)</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>What happened, and a report to send to somebody (Ctrl+L)</source>
        <translation>Lo que ocurrió, y un informe para enviar a alguien (Ctrl+L)</translation>
    </message>
    <message>
        <source>Conversation that is open</source>
        <translation>Conversación abierta</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Primeros pasos</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>You</source>
        <translation>Usted</translation>
    </message>
    <message>
        <source>Noticed by itself</source>
        <translation>Observado por sí solo</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Aviso</translation>
    </message>
    <message>
        <source>file</source>
        <translation>archivo</translation>
    </message>
    <message>
        <source>speech</source>
        <translation>voz</translation>
    </message>
    <message>
        <source>camera picture</source>
        <translation>imagen de la cámara</translation>
    </message>
    <message>
        <source>screen picture</source>
        <translation>imagen de la pantalla</translation>
    </message>
    <message>
        <source>pasted picture</source>
        <translation>imagen pegada</translation>
    </message>
    <message>
        <source>still going on</source>
        <translation>todavía en curso</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>interrumpida</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation>cortada</translation>
    </message>
    <message>
        <source>With {what}</source>
        <translation>Con {what}</translation>
    </message>
</context>
<context>
    <name>TranscriptView</name>
    <message>
        <source>Conversation</source>
        <translation>Conversación</translation>
    </message>
    <message>
        <source>What you and Sightline said, line by line. Arrow keys move between lines.</source>
        <translation>Lo que usted y Sightline dijeron, línea por línea. Las flechas pasan de una línea a otra.</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Lo último</translation>
    </message>
    <message>
        <source>Go to the newest message</source>
        <translation>Ir al mensaje más reciente</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copiado.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>the screen is watched, the microphone is off</source>
        <translation>se observa la pantalla, el micrófono está apagado</translation>
    </message>
    <message>
        <source>the screen is watched, the microphone is on</source>
        <translation>se observa la pantalla, el micrófono está encendido</translation>
    </message>
    <message>
        <source>a window is watched, the microphone is off</source>
        <translation>se observa una ventana, el micrófono está apagado</translation>
    </message>
    <message>
        <source>a window is watched, the microphone is on</source>
        <translation>se observa una ventana, el micrófono está encendido</translation>
    </message>
    <message>
        <source>Show Sightline</source>
        <translation>Mostrar Sightline</translation>
    </message>
    <message>
        <source>Switch microphone and camera off</source>
        <translation>Apagar micrófono y cámara</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>microphone and camera are on</source>
        <translation>el micrófono y la cámara están encendidos</translation>
    </message>
    <message>
        <source>the microphone is on, the camera is off</source>
        <translation>el micrófono está encendido, la cámara está apagada</translation>
    </message>
    <message>
        <source>the camera is on, the microphone is off</source>
        <translation>la cámara está encendida, el micrófono está apagado</translation>
    </message>
    <message>
        <source>microphone and camera are off</source>
        <translation>el micrófono y la cámara están apagados</translation>
    </message>
</context>
<context>
    <name>Usage</name>
    <message>
        <source>The test gave way to your question: try again when you like.</source>
        <translation>La prueba cedió el paso a su pregunta: pruebe de nuevo cuando quiera.</translation>
    </message>
    <message>
        <source>The model was taken out of memory: load it again when you need it.</source>
        <translation>El modelo se sacó de la memoria: cárguelo de nuevo cuando lo necesite.</translation>
    </message>
    <message>
        <source>The model was taken out of memory, since nothing was asked for a while: load it again when you need it.</source>
        <translation>El modelo se sacó de la memoria porque hacía rato que no se preguntaba nada: cárguelo de nuevo cuando lo necesite.</translation>
    </message>
    <message>
        <source>{count} tokens a second</source>
        <translation>{count} tokens por segundo</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} de memoria</translation>
    </message>
    <message>
        <source>{count} tokens a second, {band}</source>
        <translation>{count} tokens por segundo, {band}</translation>
    </message>
    <message>
        <source>Speed: {band} ({prompt} tokens a second read, {text} written). {advice}</source>
        <translation>Velocidad: {band} ({prompt} tokens por segundo leídos, {text} escritos). {advice}</translation>
    </message>
    <message>
        <source>Speed: {band} ({prompt} tokens a second read, {text} written, {speech} s of work for a second of speech). {advice}</source>
        <translation>Velocidad: {band} ({prompt} tokens por segundo leídos, {text} escritos, {speech} s de trabajo por segundo de voz). {advice}</translation>
    </message>
</context>
<context>
    <name>Voice</name>
    <message>
        <source>Your computer is too slow for the model&apos;s own voice: the system&apos;s voice speaks.</source>
        <translation>Su ordenador es demasiado lento para la voz del propio modelo: habla la voz del sistema.</translation>
    </message>
    <message>
        <source>Your computer is too slow for the model&apos;s own voice, and the system has none: answers are only written.</source>
        <translation>Su ordenador es demasiado lento para la voz del propio modelo y el sistema no tiene ninguna: las respuestas solo se escriben.</translation>
    </message>
    <message>
        <source>Your computer is somewhat slow for the model&apos;s own voice, and the system has none: it speaks with pauses.</source>
        <translation>Su ordenador es algo lento para la voz del propio modelo y el sistema no tiene ninguna: habla con pausas.</translation>
    </message>
    <message>
        <source>The system has no voice that works: answers are only written. Install one, or choose the model&apos;s.</source>
        <translation>El sistema no tiene ninguna voz que funcione: las respuestas solo se escriben. Instale una o elija la del modelo.</translation>
    </message>
    <message>
        <source>The model has no voice: answers are only written.</source>
        <translation>El modelo no tiene voz: las respuestas solo se escriben.</translation>
    </message>
    <message>
        <source>The model has no voice: the system&apos;s voice speaks.</source>
        <translation>El modelo no tiene voz: habla la voz del sistema.</translation>
    </message>
    <message>
        <source>model&apos;s voice</source>
        <translation>voz del modelo</translation>
    </message>
    <message>
        <source>system&apos;s voice</source>
        <translation>voz del sistema</translation>
    </message>
    <message>
        <source>no voice</source>
        <translation>sin voz</translation>
    </message>
    <message>
        <source>The model&apos;s voice speaks ({name}).</source>
        <translation>Habla la voz del modelo ({name}).</translation>
    </message>
    <message>
        <source>The system&apos;s voice speaks ({name}).</source>
        <translation>Habla la voz del sistema ({name}).</translation>
    </message>
    <message>
        <source>The system&apos;s voice speaks (the usual one).</source>
        <translation>Habla la voz del sistema (la habitual).</translation>
    </message>
    <message>
        <source>Nobody speaks: answers are only written.</source>
        <translation>No habla nadie: las respuestas solo se escriben.</translation>
    </message>
</context>
<context>
    <name>VoiceChoices</name>
    <message>
        <source>Automatic: the model, unless it is too slow</source>
        <translation>Automático: el modelo, si no es demasiado lento</translation>
    </message>
    <message>
        <source>The model&apos;s voice</source>
        <translation>La voz del modelo</translation>
    </message>
    <message>
        <source>The system&apos;s voice</source>
        <translation>La voz del sistema</translation>
    </message>
    <message>
        <source>Nobody: answers are only written</source>
        <translation>Nadie: las respuestas solo se escriben</translation>
    </message>
    <message>
        <source>The system&apos;s usual one</source>
        <translation>La habitual del sistema</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Voice in use</source>
        <translation>Voz en uso</translation>
    </message>
    <message>
        <source>Hear it</source>
        <translation>Oírla</translation>
    </message>
    <message>
        <source>Says a sentence as answers are spoken now</source>
        <translation>Dice una frase tal como se dicen ahora las respuestas</translation>
    </message>
    <message>
        <source>Who speaks</source>
        <translation>Quién habla</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Ahora</translation>
    </message>
    <message>
        <source>Model&apos;s voice</source>
        <translation>Voz del modelo</translation>
    </message>
    <message>
        <source>System&apos;s voice</source>
        <translation>Voz del sistema</translation>
    </message>
    <message>
        <source>Speed of speech</source>
        <translation>Velocidad del habla</translation>
    </message>
    <message>
        <source>Volume of the voice</source>
        <translation>Volumen de la voz</translation>
    </message>
    <message>
        <source>Try it out</source>
        <translation>Probarla</translation>
    </message>
    <message>
        <source>Who speaks the answers; without a voice they come sooner</source>
        <translation>Quién dice las respuestas; sin voz llegan antes</translation>
    </message>
    <message>
        <source>Which of the model&apos;s own voices speaks</source>
        <translation>Cuál de las voces del propio modelo habla</translation>
    </message>
    <message>
        <source>Which of the voices that came with your system speaks</source>
        <translation>Cuál de las voces que trae su sistema habla</translation>
    </message>
    <message>
        <source>How fast answers are spoken; of the system&apos;s voices this is about right</source>
        <translation>Con qué rapidez se dicen las respuestas; en las voces del sistema es aproximado</translation>
    </message>
    <message>
        <source>How loud answers are spoken</source>
        <translation>Con qué volumen se dicen las respuestas</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>What would you like to know?</source>
        <translation>¿Qué le gustaría saber?</translation>
    </message>
    <message>
        <source>Type a question below, and press Enter.</source>
        <translation>Escriba abajo una pregunta y pulse Intro.</translation>
    </message>
    <message>
        <source>Press Talk and speak, or switch Hands-free on and just speak.</source>
        <translation>Pulse Hablar y hable, o active Manos libres y simplemente hable.</translation>
    </message>
    <message>
        <source>Switch the camera on, and ask about what it sees.</source>
        <translation>Encienda la cámara y pregunte por lo que ve.</translation>
    </message>
    <message>
        <source>Attach pictures, sound or video, or drop them here.</source>
        <translation>Adjunte imágenes, sonido o vídeo, o suéltelos aquí.</translation>
    </message>
    <message>
        <source>Nothing that you say or show leaves this computer.</source>
        <translation>Nada de lo que usted diga o muestre sale de este ordenador.</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Bienvenida</translation>
    </message>
</context>
<context>
    <name>Workbench</name>
    <message>
        <source>No process can be started for it ({reason}): close other programs.</source>
        <translation>No se puede iniciar ningún proceso para ello ({reason}): cierre otros programas.</translation>
    </message>
    <message>
        <source>The process that did this stopped ({reason}): what is there is kept; try again.</source>
        <translation>El proceso que lo hacía se detuvo ({reason}): lo que hay se conserva; inténtelo de nuevo.</translation>
    </message>
</context>
</TS>
